package belay.backend.cuda.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.fusion.Fusions;
import belay.backend.fusion.FusionsContract;
import belay.net.Program;
import org.junit.jupiter.api.Test;

/** Which operations are one launch. */
class CudaFusionsTest implements FusionsContract {
  @Override
  public Fusions fusions(Program program) {
    return new CudaFusions(program);
  }

  @Test
  void onlyAPoolingOf2x2WithoutAnUpsamplingBelongsToAConvolution() {
    assertEquals(
        "conv1 relu1, maxpool1, conv2, upsample1",
        pieces("input 6x6x1; latent; conv 1; relu; maxpool 3; conv 1; upsample 3"));
    assertEquals(
        "upsample1 conv1 relu1, maxpool1",
        pieces("input 6x6x1; latent; upsample 2; conv 1; relu; maxpool 2"));
  }

  @Test
  void poolingsOfOverlappingWindowsRunAlone() {
    assertEquals(
        "conv1 relu1, maxpool1, conv2",
        pieces("input 8x8x1; conv 1; relu; maxpool 3 stride=1 padding=1; latent; conv 1"));
  }
}
