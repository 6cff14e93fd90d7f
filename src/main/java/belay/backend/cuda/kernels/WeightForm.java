package belay.backend.cuda.kernels;

/** In which form a product reads a convolution's weights; see kernels/prepare.cu. */
public enum WeightForm {
  FORWARD,
  /** Taps flipped. */
  INPUT_GRADIENT,
  /** Of an upsampling and a convolution as four convolutions of 2x2. */
  PHASES,
  /** Of the same as a product that gathers all 16 taps. */
  TAPS_DOWN,
  /** Of the same as a product with all 16 taps at once. */
  TAPS_ACROSS;

  /** As kernels/forms.cuh numbers them. */
  public int code() {
    return ordinal();
  }
}
