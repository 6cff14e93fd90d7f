package belay.backend.onednn.dnnl;

/** Makes convolutions and their gradients. */
public final class Convolutions {
  private static final long[] NONE = {0, 0};

  private final Primitives make;

  Convolutions(Primitives make) {
    this.make = make;
  }

  /** Bias included, ReLU where asked for. */
  public Primitive forward(ConvSize size, Descriptor x, Descriptor y, boolean relu) {
    return make.make(
        "convolution",
        relu,
        (result, attributes) ->
            DnnlDescriptions.dnnl_convolution_forward_primitive_desc_create(
                result,
                make.engine(),
                make.direction(),
                Dnnl.CONVOLUTION_DIRECT,
                x.handle(),
                kernel(size).handle(),
                make.flat(size.outputs()).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.borders(),
                size.borders(),
                attributes));
  }

  public Primitive dataGradient(ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make.make(
        "convolution's data gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_convolution_backward_data_primitive_desc_create(
                result,
                make.engine(),
                Dnnl.CONVOLUTION_DIRECT,
                x.handle(),
                kernel(size).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.borders(),
                size.borders(),
                forward.description(),
                attributes));
  }

  /** Gradients of kernel and bias, both f32. */
  public Primitive weightsGradient(ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make.make(
        "convolution's weight gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_convolution_backward_weights_primitive_desc_create(
                result,
                make.engine(),
                Dnnl.CONVOLUTION_DIRECT,
                x.handle(),
                kernelGradient(size).handle(),
                make.flat(size.outputs()).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.borders(),
                size.borders(),
                forward.description(),
                attributes));
  }

  private Descriptor kernel(ConvSize size) {
    return make.anyKernel(size.side(), size.side(), size.inputs(), size.outputs());
  }

  private Descriptor kernelGradient(ConvSize size) {
    return make.anyKernelGradient(size.side(), size.side(), size.inputs(), size.outputs());
  }
}
