package belay.backend.cuda.kernels;

/** The ways E in which tensor cores multiply, in kernels/tensor/element.cuh. */
public enum CoreType {
  /** fp32 by three products for each. */
  TF32X3("tf32x3", "Tf32x3", 4),
  TF32("tf32", "Tf32", 4),
  BF16("bf16", "Bf16", 2),
  FP16("fp16", "Fp16", 2);

  private final String suffix;
  private final String element;
  private final int bytes;

  CoreType(String suffix, String element, int bytes) {
    this.suffix = suffix;
    this.element = element;
    this.bytes = bytes;
  }

  /** Word in the names of kernels and of their files. */
  public String suffix() {
    return suffix;
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
