package belay.backend.onednn;

import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Program;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * How chains are compiled.
 *
 * @param engine oneDNN's engine
 * @param type of activations and kernels, {@link Dnnl#F32} or {@link Dnnl#BF16}
 * @param layout preferred for activations between stages, a format tag
 */
record Recipe(long engine, int type, int layout) {
  private static final Logger LOG = System.getLogger("belay.backend");

  /**
   * Images in a shard at most. Measured on a Zen 4 with 1 MiB of L2 a core, processor time an image
   * with 1, 2, 4, 8, 16 images: 9.4, 9.0, 8.6, 8.8, 8.1 ms (fp32), 5.4, 5.1, 5.0, 4.8, 4.7 (bf16).
   * Smaller shards keep more threads busy. Results depend on it, in their last bits.
   */
  private static final int LARGEST_SHARD = 8;

  /** Shards at least, where there are as many images: small batches use several threads too. */
  private static final int FEWEST_SHARDS = 4;

  /** Images in each shard of a batch, which is cut into shards as equal as may be. */
  static int shard(int batch) {
    int shards = Math.max(quotient(batch, LARGEST_SHARD), Math.min(batch, FEWEST_SHARDS));
    return quotient(batch, shards);
  }

  private static int quotient(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  /**
   * Compiles in the preferred layout, or in channels-last where oneDNN has no fast code for these
   * channel counts in the preferred one (blocked layouts want multiples of the block).
   *
   * @param features mark of the value that is read out beside the loss
   * @param batch images in a call at most
   * @param training the whole program with its backward pass, or else what leads to the features
   */
  Chain chain(Scope scope, Program program, Mark features, int batch, boolean training) {
    if (layout != Dnnl.NHWC) {
      Scope attempt = new Scope();
      scope.onClose(attempt::close); // closing twice does no harm
      try {
        Chain chain = chain(attempt, program, features, batch, training, layout);
        if (chain.isFast()) {
          return chain;
        }
      } catch (DeviceException e) {
        LOG.log(Level.DEBUG, "layout={0} refused={1}", layout, e.getMessage());
      }
      attempt.close();
    }
    return chain(scope, program, features, batch, training, Dnnl.NHWC);
  }

  private Chain chain(
      Scope scope, Program program, Mark features, int batch, boolean training, int layout) {
    int size = shard(batch);
    Primitives make = new Primitives(scope, engine, type, layout, size, training);
    return new Chain(scope, engine, program, features, make, size);
  }
}
