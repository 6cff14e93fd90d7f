package belay.backend.onednn.dnnl;

/** Makes operations value by value, and their gradients. */
public final class Pointwise {
  private final Primitives make;

  Pointwise(Primitives make) {
    this.make = make;
  }

  /** y = x + bias, then ReLU where asked for; x and y may be the same memory. */
  public Primitive addBias(Descriptor x, int outputs, boolean relu) {
    return binary("bias", Dnnl.BINARY_ADD, x, make.channels(outputs), relu);
  }

  /** sum = left + right; all may be the same memory. */
  public Primitive add(Descriptor values) {
    return binary("sum", Dnnl.BINARY_ADD, values, values, false);
  }

  /** sum = left + right over so many f32 values. */
  public Primitive add(long values) {
    return add(make.flat(values));
  }

  /** y = x factor; x and y may be the same memory. */
  public Primitive multiply(Descriptor x, Descriptor factor) {
    return binary("product", Dnnl.BINARY_MULTIPLY, x, factor, false);
  }

  private Primitive binary(
      String name, int algorithm, Descriptor left, Descriptor right, boolean relu) {
    return make.make(
        name,
        relu,
        (result, attributes) ->
            DnnlDescriptions.dnnl_binary_primitive_desc_create(
                result,
                make.engine(),
                algorithm,
                left.handle(),
                right.handle(),
                left.handle(),
                attributes));
  }

  /** y = function(x). */
  public Primitive eltwise(Eltwise function, Descriptor x) {
    return make.make(
        function.name(),
        (result, attributes) ->
            DnnlDescriptions.dnnl_eltwise_forward_primitive_desc_create(
                result,
                make.engine(),
                make.direction(),
                function.algorithm(),
                x.handle(),
                x.handle(),
                function.alpha(),
                0,
                attributes));
  }

  /** From dy to dx, which may be the same memory. */
  public Primitive eltwiseGradient(Eltwise function, Descriptor x) {
    Primitive forward = eltwise(function, x);
    return make.make(
        function.name() + "'s gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_eltwise_backward_primitive_desc_create(
                result,
                make.engine(),
                function.algorithm(),
                x.handle(),
                x.handle(),
                x.handle(),
                function.alpha(),
                0,
                forward.description(),
                attributes));
  }
}
