package belay.backend.cuda;

import belay.backend.BackendContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract on the GPU at hand, in each format of each tier that it loads; skipped where there
 * is none.
 */
@ParameterizedClass
@MethodSource("belay.backend.cuda.TierFormat#asked")
class CudaBackendTest extends CudaCandidate implements BackendContract {
  CudaBackendTest(TierFormat format) {
    super(format);
  }
}
