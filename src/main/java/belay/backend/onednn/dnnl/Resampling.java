package belay.backend.onednn.dnnl;

/** Makes poolings and upsamplings, and their gradients. */
public final class Resampling {
  private static final long[] NONE = {0, 0};

  private final Primitives make;

  Resampling(Primitives make) {
    this.make = make;
  }

  public Primitive pool(Pooling pooling, Descriptor x, Descriptor y) {
    return make.make(
        "pooling",
        (result, attributes) ->
            DnnlDescriptions.dnnl_pooling_forward_primitive_desc_create(
                result,
                make.engine(),
                make.direction(),
                pooling.algorithm(),
                x.handle(),
                y.handle(),
                pooling.strides(),
                pooling.kernel(),
                NONE,
                pooling.borders(),
                pooling.borders(),
                attributes));
  }

  public Primitive poolGradient(Pooling pooling, Descriptor x, Descriptor y, Primitive forward) {
    return make.make(
        "pooling's gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_pooling_backward_primitive_desc_create(
                result,
                make.engine(),
                pooling.algorithm(),
                x.handle(),
                y.handle(),
                pooling.strides(),
                pooling.kernel(),
                NONE,
                pooling.borders(),
                pooling.borders(),
                forward.description(),
                attributes));
  }

  /** The nearest pixel. */
  public Primitive upsample(Descriptor x, Descriptor y, int factor) {
    return make.make(
        "upsampling",
        (result, attributes) ->
            DnnlDescriptions.dnnl_resampling_forward_primitive_desc_create(
                result,
                make.engine(),
                make.direction(),
                Dnnl.RESAMPLING_NEAREST,
                new float[] {factor, factor},
                x.handle(),
                y.handle(),
                attributes));
  }

  public Primitive upsampleGradient(Descriptor x, Descriptor y, int factor, Primitive forward) {
    return make.make(
        "upsampling's gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_resampling_backward_primitive_desc_create(
                result,
                make.engine(),
                Dnnl.RESAMPLING_NEAREST,
                new float[] {factor, factor},
                x.handle(),
                y.handle(),
                forward.description(),
                attributes));
  }
}
