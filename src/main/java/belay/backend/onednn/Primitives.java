package belay.backend.onednn;

import belay.net.Shape;
import java.util.Map;

/** Makes the primitives of one plan, all with the same number format and activation layout. */
final class Primitives {
  private static final long[] NONE = {0, 0};

  private final Scope scope;
  private final long engine;
  private final int type;
  private final int layout;
  private final int batch;
  private final boolean training;
  private long scratchBytes;

  /**
   * @param type of activations and kernels, {@link Dnnl#F32} or {@link Dnnl#BF16}
   * @param layout of activations between stages, a format tag
   * @param batch images in a shard
   * @param training whether backward passes will follow
   */
  Primitives(Scope scope, long engine, int type, int layout, int batch, boolean training) {
    this.scope = scope;
    this.engine = engine;
    this.type = type;
    this.layout = layout;
    this.batch = batch;
    this.training = training;
  }

  boolean training() {
    return training;
  }

  /** Most bytes that a primitive made so far wants as scratch memory. */
  long scratchBytes() {
    return scratchBytes;
  }

  /** Activations in the layout that stages exchange. */
  Descriptor activation(Shape shape) {
    return activation(shape, type, layout);
  }

  /** Activations in whatever layout the first primitive prefers. */
  Descriptor anyActivation(Shape shape) {
    return activation(shape, type, Dnnl.ANY);
  }

  /** Activations as Java sees them: f32 [N, H, W, C]. */
  Descriptor plainActivation(Shape shape) {
    return activation(shape, Dnnl.F32, Dnnl.NHWC);
  }

  private Descriptor activation(Shape shape, int type, int tag) {
    return Descriptor.of(scope, type, tag, batch, shape.channels(), shape.height(), shape.width());
  }

  /** A kernel as Java sees it: f32 [K, K, Cin, Cout]. */
  Descriptor plainKernel(ConvSize size) {
    return kernel(Dnnl.F32, Dnnl.HWIO, size);
  }

  private Descriptor kernel(int type, int tag, ConvSize size) {
    return Descriptor.of(scope, type, tag, size.outputs(), size.inputs(), size.side(), size.side());
  }

  private Descriptor bias(int outputs) {
    return Descriptor.of(scope, Dnnl.F32, Dnnl.A, outputs);
  }

  /** y = x in another layout or number format. */
  Primitive reorder(Descriptor from, Descriptor to) {
    return make(
        "reorder",
        (result, attributes) ->
            Dnnl.dnnl_reorder_primitive_desc_create(
                result, from.handle(), engine, to.handle(), engine, attributes));
  }

  /** A call from one buffer to another, with a stream and scratch memory of its own. */
  Primitive.Call bound(Primitive primitive, Buffer from, Buffer to) {
    return bound(primitive, Map.of(Dnnl.SOURCE, from, Dnnl.DESTINATION, to));
  }

  Primitive.Call bound(Primitive primitive, Map<Integer, Buffer> arguments) {
    Tape own = new Tape(scope, engine, scope.allocate(primitive.scratchBytes()), null);
    return own.bind(primitive, arguments);
  }

  /** y = x + bias, then ReLU where asked for; x and y may be the same memory. */
  Primitive addBias(Descriptor x, int outputs, boolean relu) {
    Descriptor bias = Descriptor.of(scope, Dnnl.F32, layout, 1, outputs, 1, 1);
    return make(
        "bias",
        relu,
        (result, attributes) ->
            Dnnl.dnnl_binary_primitive_desc_create(
                result,
                engine,
                Dnnl.BINARY_ADD,
                x.handle(),
                bias.handle(),
                x.handle(),
                attributes));
  }

  /** sum = left + right over so many f32 values. */
  Primitive add(long values) {
    Descriptor flat = Descriptor.of(scope, Dnnl.F32, Dnnl.A, values);
    return make(
        "sum",
        (result, attributes) ->
            Dnnl.dnnl_binary_primitive_desc_create(
                result,
                engine,
                Dnnl.BINARY_ADD,
                flat.handle(),
                flat.handle(),
                flat.handle(),
                attributes));
  }

  Primitive relu(Descriptor x) {
    return make(
        "relu",
        (result, attributes) ->
            Dnnl.dnnl_eltwise_forward_primitive_desc_create(
                result,
                engine,
                direction(),
                Dnnl.RELU_FROM_OUTPUT,
                x.handle(),
                x.handle(),
                0,
                0,
                attributes));
  }

  /** dx = dy where y > 0, else 0; dx and dy may be the same memory. */
  Primitive reluBackward(Descriptor y) {
    Primitive forward = relu(y);
    return make(
        "relu gradient",
        (result, attributes) ->
            Dnnl.dnnl_eltwise_backward_primitive_desc_create(
                result,
                engine,
                Dnnl.RELU_FROM_OUTPUT,
                y.handle(),
                y.handle(),
                y.handle(),
                0,
                0,
                forward.description(),
                attributes));
  }

  Primitive maxPool(Descriptor x, Descriptor y, int size) {
    long[] window = {size, size};
    return make(
        "max-pooling",
        (result, attributes) ->
            Dnnl.dnnl_pooling_forward_primitive_desc_create(
                result,
                engine,
                direction(),
                Dnnl.POOLING_MAX,
                x.handle(),
                y.handle(),
                window,
                window,
                NONE,
                NONE,
                NONE,
                attributes));
  }

  Primitive maxPoolBackward(Descriptor x, Descriptor y, int size, Primitive forward) {
    long[] window = {size, size};
    return make(
        "max-pooling gradient",
        (result, attributes) ->
            Dnnl.dnnl_pooling_backward_primitive_desc_create(
                result,
                engine,
                Dnnl.POOLING_MAX,
                x.handle(),
                y.handle(),
                window,
                window,
                NONE,
                NONE,
                NONE,
                forward.description(),
                attributes));
  }

  Primitive upsample(Descriptor x, Descriptor y, int factor) {
    return make(
        "upsampling",
        (result, attributes) ->
            Dnnl.dnnl_resampling_forward_primitive_desc_create(
                result,
                engine,
                direction(),
                Dnnl.RESAMPLING_NEAREST,
                new float[] {factor, factor},
                x.handle(),
                y.handle(),
                attributes));
  }

  Primitive upsampleBackward(Descriptor x, Descriptor y, int factor, Primitive forward) {
    return make(
        "upsampling gradient",
        (result, attributes) ->
            Dnnl.dnnl_resampling_backward_primitive_desc_create(
                result,
                engine,
                Dnnl.RESAMPLING_NEAREST,
                new float[] {factor, factor},
                x.handle(),
                y.handle(),
                forward.description(),
                attributes));
  }

  /** Bias included, ReLU where asked for. */
  Primitive convolution(ConvSize size, Descriptor x, Descriptor y, boolean relu) {
    return make(
        "convolution",
        relu,
        (result, attributes) ->
            Dnnl.dnnl_convolution_forward_primitive_desc_create(
                result,
                engine,
                direction(),
                Dnnl.CONVOLUTION_DIRECT,
                x.handle(),
                kernel(type, Dnnl.ANY, size).handle(),
                bias(size.outputs()).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.padding(),
                size.padding(),
                attributes));
  }

  Primitive convolutionBackwardData(ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make(
        "convolution's data gradient",
        (result, attributes) ->
            Dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                result,
                engine,
                Dnnl.CONVOLUTION_DIRECT,
                x.handle(),
                kernel(type, Dnnl.ANY, size).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.padding(),
                size.padding(),
                forward.description(),
                attributes));
  }

  /** Gradients of kernel and bias, both f32. */
  Primitive convolutionBackwardWeights(
      ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make(
        "convolution's weight gradient",
        (result, attributes) ->
            Dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
                result,
                engine,
                Dnnl.CONVOLUTION_DIRECT,
                x.handle(),
                kernel(Dnnl.F32, Dnnl.ANY, size).handle(),
                bias(size.outputs()).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.padding(),
                size.padding(),
                forward.description(),
                attributes));
  }

  /** Without bias, which the implementations for blocked layouts add slowly. */
  Primitive deconvolution(ConvSize size, Descriptor x, Descriptor y) {
    return make(
        "deconvolution",
        (result, attributes) ->
            Dnnl.dnnl_deconvolution_forward_primitive_desc_create(
                result,
                engine,
                direction(),
                Dnnl.DECONVOLUTION_DIRECT,
                x.handle(),
                kernel(type, Dnnl.ANY, size).handle(),
                0,
                y.handle(),
                size.strides(),
                NONE,
                size.padding(),
                size.padding(),
                attributes));
  }

  Primitive deconvolutionBackwardData(
      ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make(
        "deconvolution's data gradient",
        (result, attributes) ->
            Dnnl.dnnl_deconvolution_backward_data_primitive_desc_create(
                result,
                engine,
                Dnnl.DECONVOLUTION_DIRECT,
                x.handle(),
                kernel(type, Dnnl.ANY, size).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.padding(),
                size.padding(),
                forward.description(),
                attributes));
  }

  /** Gradients of kernel and bias, both f32. */
  Primitive deconvolutionBackwardWeights(
      ConvSize size, Descriptor x, Descriptor y, Primitive forward) {
    return make(
        "deconvolution's weight gradient",
        (result, attributes) ->
            Dnnl.dnnl_deconvolution_backward_weights_primitive_desc_create(
                result,
                engine,
                Dnnl.DECONVOLUTION_DIRECT,
                x.handle(),
                kernel(Dnnl.F32, Dnnl.ANY, size).handle(),
                bias(size.outputs()).handle(),
                y.handle(),
                size.strides(),
                NONE,
                size.padding(),
                size.padding(),
                forward.description(),
                attributes));
  }

  private int direction() {
    return training ? Dnnl.FORWARD_TRAINING : Dnnl.FORWARD_INFERENCE;
  }

  private Primitive make(String name, Creation creation) {
    return make(name, false, creation);
  }

  /**
   * @param relu whether a ReLU follows in the same pass
   */
  private Primitive make(String name, boolean relu, Creation creation) {
    long[] description = new long[1];
    try (Scope passing = new Scope()) {
      Dnnl.check(creation.create(description, attributes(passing, relu)), "prepare a " + name);
    }
    Primitive primitive = new Primitive(scope, engine, description[0]);
    scratchBytes = Math.max(scratchBytes, primitive.scratchBytes());
    return primitive;
  }

  private static long attributes(Scope passing, boolean relu) {
    long[] attributes = new long[1];
    Dnnl.check(Dnnl.dnnl_primitive_attr_create(attributes), "create attributes");
    passing.onClose(() -> Dnnl.dnnl_primitive_attr_destroy(attributes[0]));
    Dnnl.check(
        Dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes[0], Dnnl.USER_SCRATCHPAD),
        "take scratch memory");
    if (relu) {
      long[] after = new long[1];
      Dnnl.check(Dnnl.dnnl_post_ops_create(after), "create post-operations");
      passing.onClose(() -> Dnnl.dnnl_post_ops_destroy(after[0]));
      Dnnl.check(Dnnl.dnnl_post_ops_append_eltwise(after[0], Dnnl.RELU, 0, 0), "append ReLU");
      Dnnl.check(
          Dnnl.dnnl_primitive_attr_set_post_ops(attributes[0], after[0]), "set post-operations");
    }
    return attributes[0];
  }

  /** Fills in a primitive descriptor. */
  private interface Creation {
    int create(long[] result, long attributes);
  }
}
