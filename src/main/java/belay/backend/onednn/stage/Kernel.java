package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.ConvSize;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Primitives;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Shape;
import java.util.Optional;

/**
 * The trained values of a convolution or a matrix product, and how they run.
 *
 * @param weights values in the order [Kh, Kw, Cin, Cout]
 * @param height Kh of the kernel that runs, as the numbers that follow
 */
record Kernel(
    Parameter weights,
    Optional<Parameter> bias,
    KernelForm form,
    int height,
    int width,
    int inputs,
    int outputs) {
  static Kernel of(Operation.Conv conv, KernelForm form) {
    ConvSize size = form.size(conv);
    return new Kernel(
        conv.weights(), conv.bias(), form, size.side(), size.side(), size.inputs(), size.outputs());
  }

  /** A product with whole images is a convolution with one window. */
  static Kernel of(Operation.Linear linear, Shape image) {
    return new Kernel(
        linear.weights(),
        linear.bias(),
        KernelForm.PLAIN,
        image.height(),
        image.width(),
        image.channels(),
        linear.outputs());
  }

  int values() {
    return height * width * inputs * outputs;
  }

  /** As Java sees it. */
  Descriptor plain(Primitives make) {
    return make.plainKernel(height, width, inputs, outputs);
  }
}
