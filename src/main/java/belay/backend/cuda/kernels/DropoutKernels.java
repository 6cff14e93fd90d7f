package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/dropout.cu: dropout by {@link belay.net.DropoutMask}. */
public final class DropoutKernels {
  private DropoutKernels() {}

  /**
   * @param x [images, size]
   * @param y may be x
   * @param step [1] int: optimiser steps taken before this one
   * @param key of Philox for the seed and its purpose
   * @param operation number of the dropout's output
   * @param rate probability of 0
   * @param scale what kept values are multiplied by
   * @param first place of the first image in the minibatch
   * @param size values of an image
   */
  public static Call dropout(
      ValueType type,
      Address x,
      Address y,
      Address step,
      long key,
      int operation,
      float rate,
      float scale,
      int first,
      int images,
      int size) {
    Call call = Call.of("dropout", "dropout", type.suffix()).in(type.c(), x).out(type.c(), y);
    return mask(call, step, key, operation, rate, scale, first, images, size);
  }

  /**
   * The rest as {@link #dropout} takes it.
   *
   * @param dy [images, size]
   * @param mask output of a ReLU, where dx becomes the gradient of its input; null for none
   * @param dx may be dy
   * @param add whether other readers of x have left their gradients in dx
   */
  public static Call gradient(
      ValueType type,
      Address dy,
      Address mask,
      Address dx,
      boolean add,
      Address step,
      long key,
      int operation,
      float rate,
      float scale,
      int first,
      int images,
      int size) {
    Call call = Call.of("dropout", "dropout_gradient", type.suffix());
    call.in(type.c(), dy).in(type.c(), mask).out(type.c(), dx).ints(add ? 1 : 0);
    return mask(call, step, key, operation, rate, scale, first, images, size);
  }

  private static Call mask(
      Call call,
      Address step,
      long key,
      int operation,
      float rate,
      float scale,
      int first,
      int images,
      int size) {
    return call.in("int", step)
        .int64(key)
        .ints(operation)
        .floats(rate, scale)
        .ints(first, images, size)
        .over((long) images * size);
  }
}
