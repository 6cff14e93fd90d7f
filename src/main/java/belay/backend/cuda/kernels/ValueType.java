package belay.backend.cuda.kernels;

/** The types T of a tensor's values in kernels/types.cuh. */
public enum ValueType {
  F32("f32", "float", 4),
  /** fp32 rounded to 10 bits of mantissa. */
  TF32("tf32", "tf32", 4),
  BF16("bf16", "__nv_bfloat16", 2),
  FP16("fp16", "__half", 2);

  private final String suffix;
  private final String c;
  private final int bytes;

  ValueType(String suffix, String c, int bytes) {
    this.suffix = suffix;
    this.c = c;
    this.bytes = bytes;
  }

  /** Word in the names of kernels. */
  public String suffix() {
    return suffix;
  }

  /** The type's name in C. */
  public String c() {
    return c;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }
}
