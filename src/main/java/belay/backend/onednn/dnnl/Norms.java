package belay.backend.onednn.dnnl;

/** Makes batch normalizations with scale and shift, and their gradients. */
public final class Norms {
  private static final int OWN = Dnnl.USE_SCALE | Dnnl.USE_SHIFT;
  private static final int GIVEN = OWN | Dnnl.USE_GLOBAL_STATISTICS;

  private final Primitives make;

  Norms(Primitives make) {
    this.make = make;
  }

  /** With mean and population variance of x, which it writes. */
  public Primitive own(Descriptor x, float epsilon) {
    return forward(x, Dnnl.FORWARD_TRAINING, OWN, epsilon);
  }

  /** With mean and variance that it is given. */
  public Primitive given(Descriptor x, float epsilon) {
    return forward(x, Dnnl.FORWARD_INFERENCE, GIVEN, epsilon);
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
  public Primitive gradient(Descriptor x, float epsilon, Primitive own) {
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
                OWN,
                own.description(),
                attributes));
  }
}
