package belay.backend.onednn.dnnl;

/** Makes batch normalizations with shift and perhaps scale, and their gradients. */
public final class Norms {
  private final Primitives make;

  Norms(Primitives make) {
    this.make = make;
  }

  private static int flags(boolean scaled) {
    return Dnnl.USE_SHIFT | (scaled ? Dnnl.USE_SCALE : 0);
  }

  /** With mean and population variance of x, which it writes. */
  public Primitive own(Descriptor x, float epsilon, boolean scaled) {
    return forward(x, Dnnl.FORWARD_TRAINING, flags(scaled), epsilon);
  }

  /** With mean and variance that it is given. */
  public Primitive given(Descriptor x, float epsilon, boolean scaled) {
    int flags = flags(scaled) | Dnnl.USE_GLOBAL_STATISTICS;
    return forward(x, Dnnl.FORWARD_INFERENCE, flags, epsilon);
  }

  /** With mean and variance that it is given, and nothing else. */
  public Primitive plain(Descriptor x) {
    return forward(x, Dnnl.FORWARD_INFERENCE, Dnnl.USE_GLOBAL_STATISTICS, 0);
  }

  private Primitive forward(Descriptor x, int direction, int flags, float epsilon) {
    return make.make(
        "batch normalization",
        (result, attributes) ->
            DnnlDescriptions.dnnl_batch_normalization_forward_primitive_desc_create(
                result,
                make.engine(),
                direction,
                x.handle(),
                x.handle(),
                epsilon,
                flags,
                attributes));
  }

  /** Gradients of x, scale and shift; dx and dy may be the same memory. */
  public Primitive gradient(Descriptor x, float epsilon, boolean scaled, Primitive own) {
    return make.make(
        "batch normalization's gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_batch_normalization_backward_primitive_desc_create(
                result,
                make.engine(),
                Dnnl.BACKWARD,
                x.handle(),
                x.handle(),
                x.handle(),
                epsilon,
                flags(scaled),
                own.description(),
                attributes));
  }
}
