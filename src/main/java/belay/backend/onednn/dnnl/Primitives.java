package belay.backend.onednn.dnnl;

import belay.net.Shape;
import java.util.Map;

/**
 * Makes the primitives of one plan, all with the same number format and activation layout: layouts
 * and reorders here, each kind of operation in a class of its own.
 */
public final class Primitives {
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
   * @param batch images in a slice
   * @param training whether backward passes will follow
   */
  public Primitives(Scope scope, long engine, int type, int layout, int batch, boolean training) {
    this.scope = scope;
    this.engine = engine;
    this.type = type;
    this.layout = layout;
    this.batch = batch;
    this.training = training;
  }

  public Convolutions convolutions() {
    return new Convolutions(this);
  }

  public Deconvolutions deconvolutions() {
    return new Deconvolutions(this);
  }

  public InnerProducts innerProducts() {
    return new InnerProducts(this);
  }

  public Norms norms() {
    return new Norms(this);
  }

  public Pointwise pointwise() {
    return new Pointwise(this);
  }

  public Resampling resampling() {
    return new Resampling(this);
  }

  public boolean training() {
    return training;
  }

  /** Images in a slice. */
  public int batch() {
    return batch;
  }

  /** Memory that lives as long as the primitives; zeros. */
  public Buffer allocate(Descriptor layout) {
    return allocate(layout.bytes());
  }

  public Buffer allocate(long bytes) {
    return scope.allocate(bytes);
  }

  /**
   * A tape with a stream and scratch memory for the primitives made so far.
   *
   * @param gradientBytes of the gradients of all parameters; 0 where only forward passes run
   */
  public Tape tape(long gradientBytes) {
    return new Tape(scope, engine, scope.allocate(scratchBytes), scope.allocate(gradientBytes));
  }

  long engine() {
    return engine;
  }

  /** Most bytes that a primitive made so far wants as scratch memory. */
  public long scratchBytes() {
    return scratchBytes;
  }

  /** Activations in the layout that stages exchange. */
  public Descriptor activation(Shape shape) {
    return activation(shape, type, layout);
  }

  /** Activations in whatever layout the first primitive prefers. */
  public Descriptor anyActivation(Shape shape) {
    return activation(shape, type, Dnnl.ANY);
  }

  /** Activations as Java sees them: f32 [N, H, W, C]. */
  public Descriptor plainActivation(Shape shape) {
    return activation(shape, Dnnl.F32, Dnnl.NHWC);
  }

  /** Activations that lie as Java sees them, in the plan's number format. */
  public Descriptor channelsLast(Shape shape) {
    return activation(shape, type, Dnnl.NHWC);
  }

  /** Factors of activations: f32 whatever the plan's number format is. */
  public Descriptor factors(Shape shape) {
    return activation(shape, Dnnl.F32, layout);
  }

  private Descriptor activation(Shape shape, int type, int tag) {
    return Descriptor.of(scope, type, tag, batch, shape.channels(), shape.height(), shape.width());
  }

  /** One value a channel in the plan's layout: f32. */
  Descriptor channels(int count) {
    return Descriptor.of(scope, Dnnl.F32, layout, 1, count, 1, 1);
  }

  /** [N, count], each image's values side by side. */
  Descriptor vectors(int count) {
    return Descriptor.of(scope, type, Dnnl.AB, batch, count);
  }

  /** f32 [count]. */
  public Descriptor flat(long count) {
    return Descriptor.of(scope, Dnnl.F32, Dnnl.A, count);
  }

  /** A kernel as Java sees it: f32 [Kh, Kw, Cin, Cout]. */
  public Descriptor plainKernel(int height, int width, int inputs, int outputs) {
    return Descriptor.of(scope, Dnnl.F32, Dnnl.HWIO, outputs, inputs, height, width);
  }

  /** A kernel in whatever layout a primitive prefers. */
  Descriptor anyKernel(int height, int width, int inputs, int outputs) {
    return Descriptor.of(scope, type, Dnnl.ANY, outputs, inputs, height, width);
  }

  /** As {@link #anyKernel}, always f32. */
  Descriptor anyKernelGradient(int height, int width, int inputs, int outputs) {
    return Descriptor.of(scope, Dnnl.F32, Dnnl.ANY, outputs, inputs, height, width);
  }

  /** y = x in another layout or number format. */
  public Primitive reorder(Descriptor from, Descriptor to) {
    return make(
        "reorder",
        (result, attributes) ->
            DnnlDescriptions.dnnl_reorder_primitive_desc_create(
                result, from.handle(), engine, to.handle(), engine, attributes));
  }

  /** A call from one buffer to another, with a stream and scratch memory of its own. */
  public Primitive.Call bound(Primitive primitive, Buffer from, Buffer to) {
    return bound(primitive, Map.of(Dnnl.SOURCE, from, Dnnl.DESTINATION, to));
  }

  public Primitive.Call bound(Primitive primitive, Map<Integer, Buffer> arguments) {
    Tape own = new Tape(scope, engine, scope.allocate(primitive.scratchBytes()), scope.allocate(0));
    return own.bind(primitive, arguments);
  }

  int direction() {
    return training ? Dnnl.FORWARD_TRAINING : Dnnl.FORWARD_INFERENCE;
  }

  Primitive make(String name, Creation creation) {
    return make(name, false, creation);
  }

  /**
   * @param relu whether a ReLU follows in the same pass
   */
  synchronized Primitive make(String name, boolean relu, Creation creation) {
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
  interface Creation {
    int create(long[] result, long attributes);
  }
}
