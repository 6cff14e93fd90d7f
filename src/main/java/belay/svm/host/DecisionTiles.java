package belay.svm.host;

import belay.backend.KernelRows;
import belay.backend.SvmProgress;
import java.util.Arrays;
import java.util.List;

/** Decisions on many samples from tiles of kernel values with the support vectors. */
final class DecisionTiles {
  private final KernelRows rows;
  private final Workers workers;
  private final StopCheck stopped;
  private final int height;
  private final int width; // whole segments

  /**
   * @param rows kernel(sample, support vector)
   * @param features of a sample
   */
  DecisionTiles(KernelRows rows, int threads, int features, StopCheck stopped) {
    this.rows = rows;
    this.workers = new Workers(threads, "svm");
    this.stopped = stopped;
    height = SampleKernel.side(features);
    int most = SampleKernel.width(features, threads);
    width = Math.max(1, most / Decisions.SEGMENT) * Decisions.SEGMENT;
  }

  /**
   * @param functions over the same support vectors
   * @param outs receives row-major [count, problems] for each function
   */
  void add(int count, List<Decisions> functions, List<double[]> outs, SvmProgress progress) {
    int vectors = functions.get(0).vectors();
    float[] tile = new float[Math.min(height, count) * Math.min(width, vectors)];
    for (double[] out : outs) {
      Arrays.fill(out, 0);
    }
    for (int i = 0; i < count; i += height) {
      Range some = new Range(i, Math.min(height, count - i));
      for (int s = 0; s < vectors; s += width) {
        Range others = new Range(s, Math.min(width, vectors - s));
        stopped.check();
        progress.report(i, count, 0);
        rows.block(some.first(), some.count(), others.first(), others.count(), tile);
        add(some, others, tile, functions, outs);
      }
    }
    for (int f = 0; f < functions.size(); f++) {
      functions.get(f).subtractRho(outs.get(f), count);
    }
    progress.report(count, count, 0);
  }

  private void add(
      Range some, Range others, float[] tile, List<Decisions> functions, List<double[]> outs) {
    int share = 64;
    workers.forEach(
        (some.count() + share - 1) / share,
        part -> {
          for (int t = part * share; t < Math.min(some.count(), (part + 1) * share); t++) {
            for (int f = 0; f < functions.size(); f++) {
              Decisions function = functions.get(f);
              int target = (some.first() + t) * function.problems();
              function.add(tile, t * others.count(), others, outs.get(f), target);
            }
          }
        });
  }
}
