package belay.backend.onednn;

import belay.backend.StopFlag;
import belay.backend.TrainSpec;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.backend.onednn.stage.GradientLayout;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Program;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How graphs are compiled.
 *
 * @param engine oneDNN's engine
 * @param type of activations and kernels, {@link Dnnl#F32} or {@link Dnnl#BF16}
 * @param layout preferred for activations between stages, a format tag
 * @param spec of training, which runs the whole program forward and backward; empty to run what
 *     leads to a value
 * @param stop looked at within slices that are large because their shard is
 */
record Recipe(long engine, int type, int layout, Optional<TrainSpec> spec, StopFlag stop) {
  private static final Logger LOG = System.getLogger("belay.backend");

  /**
   * Images in a slice at most. Measured on a Zen 4 with 1 MiB of L2 a core, processor time an image
   * with 1, 2, 4, 8, 16 images: 9.4, 9.0, 8.6, 8.8, 8.1 ms (fp32), 5.4, 5.1, 5.0, 4.8, 4.7 (bf16).
   * Smaller slices keep more threads busy. Results depend on it, in their last bits.
   */
  static final int LARGEST_SLICE = 8;

  /** Slices of a call at least, where it has as many images: short ones use several threads too. */
  private static final int FEWEST_SLICES = 4;

  /**
   * Images in each slice of a shard but the last; slices are as equal as may be, so that few graphs
   * do.
   *
   * @param shard images of a shard
   */
  static int slice(int shard) {
    return quotient(shard, quotient(shard, LARGEST_SLICE));
  }

  /** Images in each slice of a call that sums nothing over images. */
  static int sliceOfCall(int images) {
    int slices = Math.max(quotient(images, LARGEST_SLICE), Math.min(images, FEWEST_SLICES));
    return quotient(images, slices);
  }

  private static int quotient(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  /**
   * Compiles in the preferred layout, or in channels-last where oneDNN has no fast code for these
   * channel counts in the preferred one (blocked layouts want multiples of the block).
   *
   * @param features mark of the value that is read out beside the loss
   * @param images of a slice
   * @param gradients layout of the gradients; a new one for each attempt at a plan's first graph
   */
  Graph graph(
      Scope scope, Program program, Mark features, int images, Supplier<GradientLayout> gradients) {
    if (layout != Dnnl.NHWC) {
      Scope attempt = new Scope();
      scope.onClose(attempt::close); // closing twice does no harm
      try {
        Graph graph = graph(attempt, program, features, images, gradients.get(), layout);
        if (graph.isFast()) {
          return graph;
        }
      } catch (DeviceException e) {
        LOG.log(Level.DEBUG, "layout={0} refused={1}", layout, e.getMessage());
      }
      attempt.close();
    }
    return graph(scope, program, features, images, gradients.get(), Dnnl.NHWC);
  }

  private Graph graph(
      Scope scope,
      Program program,
      Mark features,
      int images,
      GradientLayout gradients,
      int layout) {
    Primitives make = new Primitives(scope, engine, type, layout, images, spec.isPresent());
    return new Graph(make, program, features, gradients, spec, stop::check);
  }
}
