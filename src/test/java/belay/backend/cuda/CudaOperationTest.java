package belay.backend.cuda;

import belay.backend.OperationContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Single operations on the GPU at hand, in each format of each tier that it loads; else skipped.
 */
@ParameterizedClass
@MethodSource("belay.backend.cuda.TierFormat#asked")
class CudaOperationTest extends CudaCandidate implements OperationContract {
  CudaOperationTest(TierFormat format) {
    super(format);
  }

  /** Sizes of the autoencoder, too large for a processor's reference. */
  @ParameterizedTest
  @CsvSource({
    "input 32x32x256; conv 128 kernel=1 bias=no; latent; conv 256, 4, 1",
    "input 16x16x128; conv 256; latent; conv 128, 16, 8"
  })
  void productsOfProductionErrByTheirRoundingsAlone(String layers, int images, int shards) {
    assertProducts(layers, images, shards);
  }
}
