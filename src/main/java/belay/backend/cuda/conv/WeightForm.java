package belay.backend.cuda.conv;

import belay.net.Window;

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
  TAPS_ACROSS,
  /** Of the gradient of the input where the stride is 2 and the padding is even, by phases. */
  INPUT_PHASES_EVEN,
  /** The same where the padding is odd. */
  INPUT_PHASES_ODD;

  /** What {@link Geometry#inputGradient} reads. */
  public static WeightForm inputGradient(Window window) {
    if (window.stride() == 1) {
      return INPUT_GRADIENT;
    }
    return window.padding() % 2 == 0 ? INPUT_PHASES_EVEN : INPUT_PHASES_ODD;
  }

  /** As kernels/forms.cuh numbers them. */
  public int code() {
    return ordinal();
  }
}
