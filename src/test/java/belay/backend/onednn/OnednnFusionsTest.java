package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.fusion.Fusions;
import belay.backend.fusion.FusionsContract;
import belay.net.Program;
import org.junit.jupiter.api.Test;

/** Which operations are one stage. */
class OnednnFusionsTest implements FusionsContract {
  @Override
  public Fusions fusions(Program program) {
    return new OnednnFusions();
  }

  @Test
  void everyPoolingAfterAReluBelongsToAConvolution() {
    assertEquals(
        "conv1 relu1 maxpool1, conv2, upsample1",
        pieces("input 6x6x1; latent; conv 1; relu; maxpool 3; conv 1; upsample 3"));
    assertEquals(
        "upsample1 conv1 relu1 maxpool1",
        pieces("input 6x6x1; latent; upsample 2; conv 1; relu; maxpool 2"));
  }
}
