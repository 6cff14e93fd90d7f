package belay.backend.cuda.kernels;

import java.util.Locale;

/** The ways E in which tensor cores multiply, in kernels/tensor/element.cuh. */
public enum CoreType {
  /** fp32 by three products for each. */
  TF32X3("Tf32x3", 4),
  TF32("Tf32", 4),
  BF16("Bf16", 2),
  FP16("Fp16", 2);

  private final String element; // its name in C
  private final int bytes;

  CoreType(String element, int bytes) {
    this.element = element;
    this.bytes = bytes;
  }

  /** Word in the names of kernels and of their files. */
  public String suffix() {
    return element.toLowerCase(Locale.ROOT);
  }

  /** The name in C of the values' type. */
  public String c() {
    return element + "::Value";
  }

  /** Bytes of one value in memory. */
  public int bytes() {
    return bytes;
  }
}
