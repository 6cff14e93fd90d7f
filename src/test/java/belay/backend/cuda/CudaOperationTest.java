package belay.backend.cuda;

import belay.backend.OperationContract;
import belay.backend.Precision;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Single operations on the GPU at hand, in each format of each tier that it loads; else skipped.
 */
class CudaOperationTest {
  /** Single operations by one tier's kernels in one number format. */
  private abstract static class Tier extends CudaCandidate implements OperationContract {
    Tier(String tier, Precision precision) {
      super(tier, precision);
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

  @Nested
  class Best extends Tier {
    Best() {
      super("auto", Precision.FP32);
    }
  }

  @Nested
  class Sm80 extends Tier {
    Sm80() {
      super("sm_80", Precision.FP32);
    }
  }

  @Nested
  class Sm70 extends Tier {
    Sm70() {
      super("sm_70", Precision.FP32);
    }
  }

  @Nested
  class Sm35 extends Tier {
    Sm35() {
      super("sm_35", Precision.FP32);
    }
  }

  @Nested
  class Tf32 extends Tier {
    Tf32() {
      super("auto", Precision.TF32);
    }
  }

  @Nested
  class Bf16 extends Tier {
    Bf16() {
      super("auto", Precision.BF16);
    }
  }

  @Nested
  class Fp16 extends Tier {
    Fp16() {
      super("auto", Precision.FP16);
    }
  }

  @Nested
  class Sm70Fp16 extends Tier {
    Sm70Fp16() {
      super("sm_70", Precision.FP16);
    }
  }

  @Nested
  class Sm80Tf32 extends Tier {
    Sm80Tf32() {
      super("sm_80", Precision.TF32);
    }
  }

  @Nested
  class Sm80Bf16 extends Tier {
    Sm80Bf16() {
      super("sm_80", Precision.BF16);
    }
  }

  @Nested
  class Sm80Fp16 extends Tier {
    Sm80Fp16() {
      super("sm_80", Precision.FP16);
    }
  }
}
