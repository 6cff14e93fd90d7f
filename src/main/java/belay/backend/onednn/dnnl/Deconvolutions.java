package belay.backend.onednn.dnnl;

/** Makes transposed convolutions and their gradients. */
public final class Deconvolutions {
  private static final long[] NONE = {0, 0};

  private final Primitives make;

  Deconvolutions(Primitives make) {
    this.make = make;
  }

  /** Without bias, which the implementations for blocked layouts add slowly. */
  public Primitive forward(ConvSize size, Descriptor x, Descriptor y) {
    return make.make(
        "deconvolution",
        (result, attributes) ->
            DnnlDescriptions.dnnl_deconvolution_forward_primitive_desc_create(
                result,
                make.engine(),
                make.direction(),
                Dnnl.DECONVOLUTION_DIRECT,
                x.handle(),
                kernel(size).handle(),
                0,
                y.handle(),
                size.strides(),
                NONE,
                size.borders(),
                size.borders(),
                attributes));
  }

  public Primitive dataGradient(ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make.make(
        "deconvolution's data gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_deconvolution_backward_data_primitive_desc_create(
                result,
                make.engine(),
                Dnnl.DECONVOLUTION_DIRECT,
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
        "deconvolution's weight gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_deconvolution_backward_weights_primitive_desc_create(
                result,
                make.engine(),
                Dnnl.DECONVOLUTION_DIRECT,
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
