package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/batch_norm_gradient.cu: batch normalisation, backward. */
public final class BatchNormGradientKernels {
  private BatchNormGradientKernels() {}

  private static Call call(String... words) {
    return Call.of("batch_norm_gradient", words);
  }

  /**
   * @param y output of a ReLU that {@link BatchNormKernels#normalize} applied; null for none
   * @param statistics of {@link BatchNormKernels#finish}
   * @param parts {@link Sharding#partValues} f32
   */
  public static Call parts(
      ValueType type,
      Address x,
      Address y,
      Address dy,
      Address statistics,
      Address parts,
      Sharding of,
      float epsilon) {
    Call call = call("batch_norm_gradient_parts", type.suffix()).in(type.c(), x).in(type.c(), y);
    call.in(type.c(), dy).in("float", statistics).out("float", parts);
    return of.sizes(call)
        .floats(epsilon)
        .by(of.parts(), of.across(type), of.shards(), Sharding.THREADS);
  }

  /**
   * @param around f32 [C]: what a product has taken off the values; null for {@link #parts}
   * @param statistics of {@link BatchNormKernels#finish}
   * @param sums f32 [shards, 2, C]: of the gradient, and of its product with the normalised values
   * @param each pixels of a part that a product has left; 0 for those of {@link #parts}
   */
  public static Call finish(
      Address parts,
      Address around,
      Address statistics,
      Address sums,
      Sharding of,
      int each,
      float epsilon) {
    Call call = call("batch_norm_gradient_finish").in("float", parts).in("float", around);
    return of.sizes(call.in("float", statistics).out("float", sums))
        .ints(of.parts(each), each)
        .floats(epsilon)
        .by(of.columns(), of.shards(), 1, Sharding.THREADS);
  }

  /**
   * @param sums of {@link #finish}, of all shards of the minibatch
   * @param scale receives the gradient of the scale, f32 [C]
   * @param shift receives the gradient of the shift, f32 [C]
   * @param of the whole minibatch
   * @param factor 1 / loss scale
   */
  public static Call parameters(
      Address sums, Address scale, Address shift, Sharding of, float factor) {
    return call("batch_norm_gradient_parameters")
        .in("float", sums)
        .out("float", scale)
        .out("float", shift)
        .ints(of.shards(), of.shape().channels())
        .floats(factor)
        .over(of.shape().channels());
  }

  /**
   * @param y as {@link #parts} takes it
   * @param sums of {@link #finish}
   * @param scale the parameter, f32 [C]
   * @param mask output of a ReLU, where dx becomes the gradient of its input; null for none
   * @param dx may be dy
   * @param add whether other readers of x have left their gradients in dx
   * @param dz receives the gradient of the addend; null for none; may be dy
   * @param addToDz whether other readers of the addend have left their gradients in dz
   */
  public static Call input(
      ValueType type,
      Address x,
      Address y,
      Address dy,
      Address statistics,
      Address sums,
      Address scale,
      Address mask,
      Address dx,
      boolean add,
      Address dz,
      boolean addToDz,
      Sharding of,
      float epsilon) {
    Call call = call("batch_norm_gradient", type.suffix()).in(type.c(), x).in(type.c(), y);
    call.in(type.c(), dy).in("float", statistics).in("float", sums).in("float", scale);
    call.in(type.c(), mask).out(type.c(), dx).ints(add ? 1 : 0);
    call.out(type.c(), dz).ints(addToDz ? 1 : 0);
    return of.sizes(call)
        .ints(of.pass(type))
        .floats(epsilon)
        .by(of.passes(type), of.across(type), of.shards(), Sharding.THREADS);
  }
}
