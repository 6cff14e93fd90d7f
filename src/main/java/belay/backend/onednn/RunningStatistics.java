package belay.backend.onednn;

import belay.net.Operation;
import belay.net.Program;
import java.util.List;

/** Means and variances of batch normalizations over the steps of training. */
final class RunningStatistics {
  private final int first; // index in the weights
  private final float[] momentum; // of each

  RunningStatistics(Program program, List<Operation.BatchNorm> norms) {
    this.first = program.parameterCount();
    this.momentum = new float[program.weightCount() - first];
    for (Operation.BatchNorm norm : norms) {
      for (int i = 0; i < norm.mean().size(); i++) {
        momentum[norm.mean().offset() - first + i] = norm.momentum();
        momentum[norm.variance().offset() - first + i] = norm.momentum();
      }
    }
  }

  /**
   * After a step.
   *
   * @param weights whose statistics are changed
   * @param sums over the minibatch's images of their shard's statistics
   */
  void update(float[] weights, float[] sums, int images) {
    for (int i = 0; i < momentum.length; i++) {
      double seen = (double) sums[i] / images;
      weights[first + i] = (float) ((1.0 - momentum[i]) * weights[first + i] + momentum[i] * seen);
    }
  }
}
