package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/batch_norm.cu: batch normalisation, forward. */
public final class BatchNormKernels {
  private BatchNormKernels() {}

  private static Call call(String... words) {
    return Call.of("batch_norm", words);
  }

  /**
   * @param parts {@link Sharding#partValues} f32
   */
  public static Call parts(ValueType type, Address x, Address parts, Sharding of) {
    Call call = call("batch_norm_parts", type.suffix()).in(type.c(), x).out("float", parts);
    return of.sizes(call).by(of.parts(), of.across(type), of.shards(), Sharding.THREADS);
  }

  /**
   * @param each pixels of a part that a product has left; 0 for those of {@link #parts}
   * @param statistics f32 [shards, 2, C]: mean and population variance of each shard
   */
  public static Call finish(Address parts, Address statistics, Sharding of, int each) {
    Call call = call("batch_norm_finish").in("float", parts).out("float", statistics);
    return of.sizes(call)
        .ints(of.parts(each), each)
        .by(of.columns(), of.shards(), 1, Sharding.THREADS);
  }

  /**
   * Moves the running statistics; once a training step.
   *
   * @param statistics of all shards of the minibatch
   * @param mean f32 [C]
   * @param variance f32 [C]
   * @param of the whole minibatch
   */
  public static Call running(
      Address statistics, Address mean, Address variance, Sharding of, float momentum) {
    Call call = call("batch_norm_running").in("float", statistics);
    return of.sizes(call.out("float", mean).out("float", variance))
        .floats(momentum)
        .over(of.shape().channels());
  }

  /**
   * @param addend [images, H, W, C]; null for none
   * @param mean of the first shard, f32 [C]
   * @param variance of the first shard, f32 [C]
   * @param y may be x where nobody wants the gradient
   * @param stride floats from the mean of one shard to that of the next: 2 C in training, 0 where
   *     all images have the same
   * @param rectify whether a ReLU follows
   */
  public static Call normalize(
      ValueType type,
      Address x,
      Address addend,
      Address mean,
      Address variance,
      Address scale,
      Address shift,
      Address y,
      Sharding of,
      int stride,
      float epsilon,
      boolean rectify) {
    Call call = call("batch_norm", type.suffix()).in(type.c(), x).in(type.c(), addend);
    call.in("float", mean).in("float", variance).in("float", scale).in("float", shift);
    return of.sizes(call.out(type.c(), y))
        .ints(of.pass(type), stride)
        .floats(epsilon)
        .ints(rectify ? 1 : 0)
        .by(of.passes(type), of.across(type), of.shards(), Sharding.THREADS);
  }
}
