package belay.backend.onednn.dnnl;

import belay.net.Shape;

/** Makes products of whole images with a matrix, bias included, and their gradients. */
public final class InnerProducts {
  private final Primitives make;

  InnerProducts(Primitives make) {
    this.make = make;
  }

  /**
   * @param x images of that shape
   * @return y is [N, outputs]
   */
  public Primitive forward(Shape shape, Descriptor x, int outputs) {
    return make.make(
        "inner product",
        (result, attributes) ->
            DnnlDescriptions.dnnl_inner_product_forward_primitive_desc_create(
                result,
                make.engine(),
                make.direction(),
                x.handle(),
                kernel(shape, outputs).handle(),
                make.flat(outputs).handle(),
                make.vectors(outputs).handle(),
                attributes));
  }

  public Primitive dataGradient(Shape shape, Descriptor x, int outputs, Primitive forward) {
    return make.make(
        "inner product's data gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_inner_product_backward_data_primitive_desc_create(
                result,
                make.engine(),
                x.handle(),
                kernel(shape, outputs).handle(),
                make.vectors(outputs).handle(),
                forward.description(),
                attributes));
  }

  /** Gradients of matrix and bias, both f32. */
  public Primitive weightsGradient(Shape shape, Descriptor x, int outputs, Primitive forward) {
    return make.make(
        "inner product's weight gradient",
        (result, attributes) ->
            DnnlDescriptions.dnnl_inner_product_backward_weights_primitive_desc_create(
                result,
                make.engine(),
                x.handle(),
                make.anyKernelGradient(shape.height(), shape.width(), shape.channels(), outputs)
                    .handle(),
                make.flat(outputs).handle(),
                make.vectors(outputs).handle(),
                forward.description(),
                attributes));
  }

  private Descriptor kernel(Shape shape, int outputs) {
    return make.anyKernel(shape.height(), shape.width(), shape.channels(), outputs);
  }
}
