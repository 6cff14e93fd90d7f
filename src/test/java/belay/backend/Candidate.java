package belay.backend;

/** A backend that is tested, and what is expected of it. */
public interface Candidate {
  /** A new backend; closed by the test. */
  Backend backend();

  default Precision precision() {
    return Precision.FP32;
  }

  /** fp32 sums of up to some thousand terms, in another order than the reference's. */
  default double tolerance() {
    return 2e-5;
  }

  /**
   * How much more a product may err than independent roundings let it: matrix units cut off what
   * they add, which leans to one side.
   */
  default double bias() {
    return 1;
  }
}
