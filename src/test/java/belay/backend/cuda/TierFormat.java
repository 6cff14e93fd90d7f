package belay.backend.cuda;

import belay.backend.Precision;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A tier's kernels in one number format. -Dbelay.cuda.formats=BEST,TF32 leaves the others out, so
 * that several processes can share a long contract.
 */
public enum TierFormat {
  BEST("auto", Precision.FP32),
  SM_90("sm_90", Precision.FP32),
  SM_80("sm_80", Precision.FP32),
  SM_70("sm_70", Precision.FP32),
  SM_35("sm_35", Precision.FP32),
  TF32("auto", Precision.TF32),
  BF16("auto", Precision.BF16),
  FP16("auto", Precision.FP16),
  SM_70_FP16("sm_70", Precision.FP16),
  SM_80_TF32("sm_80", Precision.TF32),
  SM_80_BF16("sm_80", Precision.BF16),
  SM_80_FP16("sm_80", Precision.FP16);

  private final String tier;
  private final Precision precision;

  TierFormat(String tier, Precision precision) {
    this.tier = tier;
    this.precision = precision;
  }

  public String tier() {
    return tier;
  }

  public Precision precision() {
    return precision;
  }

  static Stream<TierFormat> asked() {
    String formats = System.getProperty("belay.cuda.formats", "");
    return formats.isEmpty()
        ? Stream.of(values())
        : Arrays.stream(formats.split(",")).map(TierFormat::valueOf);
  }

  /** Those in which support vector machines compute. */
  public static Stream<TierFormat> ofSvm() {
    return asked()
        .filter(format -> format != SM_90)
        .filter(format -> format.precision == Precision.FP32 || format.precision == Precision.TF32);
  }
}
