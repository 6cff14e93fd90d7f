package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.ValueType;
import belay.net.Shape;
import belay.net.Window;

/** kernels/conv_input_gradient.cu: gradients that no gathered product makes. */
public final class ConvInputGradientKernels {
  private ConvInputGradientKernels() {}

  /**
   * For what {@link Geometry#inputGradient} leaves out.
   *
   * @param dy [images, out]
   * @param weights f32 [kernel, kernel, C of in, C of out]
   * @param mask output of a ReLU, where dx becomes the gradient of its input; null for none
   * @param dx [images, in]
   * @param add whether other readers of the input have left their gradients in dx
   */
  public static Call gradient(
      ValueType type,
      Address dy,
      Address weights,
      Address mask,
      Address dx,
      boolean add,
      int images,
      Shape in,
      Shape out,
      Window window) {
    long products = (long) out.size() * window.kernel() * window.kernel() * in.channels();
    return Call.of("conv_input_gradient", "conv_input_gradient", type.suffix())
        .in(type.c(), dy)
        .in("float", weights)
        .in(type.c(), mask)
        .out(type.c(), dx)
        .ints(add ? 1 : 0, images, in.height(), in.width(), in.channels())
        .ints(out.height(), out.width(), out.channels())
        .ints(window.kernel(), window.stride(), window.padding())
        .operations(2 * images * products)
        .over((long) images * in.size());
  }
}
