package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.KernelRows;
import belay.backend.Kernels;

/** Decision values of a model, in batches of bounded memory. */
final class Decisions {
  /**
   * Scaled values of a batch at most: 1 GiB. A backend copies all support vectors for every batch,
   * so few and large ones are best.
   */
  private static final long BATCH_VALUES = 1 << 28;

  /** Rows of a batch at least, however little memory there is. */
  private static final int SMALLEST_BATCH = 64;

  private final SvmModel model;
  private final Kernels kernels;
  private final Cancellation cancellation;
  private final int[][] pairs;
  private final int[] starts; // first support vector of each class, then s [k + 1]
  private final int side;

  Decisions(SvmModel model, Kernels kernels, Cancellation cancellation) {
    this.model = model;
    this.kernels = kernels;
    this.cancellation = cancellation;
    pairs = ClassOrder.pairs(model.classes().length);
    starts = new int[model.classes().length + 1];
    for (int c = 0; c < model.classes().length; c++) {
      starts[c + 1] = starts[c] + model.supportCounts()[c];
    }
    side = SampleKernel.tileSide(model.support().columns());
  }

  /** Row-major [features.rows, problems]. */
  double[] of(FloatMatrix features) {
    double[] out = new double[features.rows() * pairs.length];
    int batch = batchRows(features.rows(), features.columns());
    for (int i = 0; i < features.rows(); i += batch) {
      int end = Math.min(i + batch, features.rows());
      FloatMatrix scaled = model.scaling().apply(features, new Range(i, end - i), cancellation);
      try (KernelRows rows = kernels.kernelRows(scaled, model.support(), model.kernel())) {
        addBatch(rows, i, end - i, out);
      }
    }
    subtractRho(out);
    return out;
  }

  /** All rows, or as many as fit into half of what the heap can still give. */
  private static int batchRows(int rows, int columns) {
    long width = Math.max(1, columns);
    long wanted = Math.min(BATCH_VALUES, rows * width) * Float.BYTES;
    long bytes = Math.min(wanted, Heap.wanting(2 * wanted).free() / 2);
    return (int) Math.max(SMALLEST_BATCH, bytes / Float.BYTES / width);
  }

  /** Tiles of the support vectors lie alike for every sample, so that its sums do not change. */
  private void addBatch(KernelRows rows, int first, int count, double[] out) {
    int vectors = model.support().rows();
    float[] tile = new float[Math.min(side, count) * Math.min(side, vectors)];
    for (int i = 0; i < count; i += side) {
      int height = Math.min(side, count - i);
      for (int s = 0; s < vectors; s += side) {
        int width = Math.min(side, vectors - s);
        cancellation.check();
        rows.block(i, height, s, width, tile);
        for (int t = 0; t < height; t++) {
          addTile(tile, t * width, new Range(s, width), out, (first + i + t) * pairs.length);
        }
      }
    }
  }

  /** One sample's kernel values with some support vectors, to all of its problems. */
  private void addTile(float[] values, int offset, Range some, double[] out, int target) {
    for (int p = 0; p < pairs.length; p++) {
      int a = pairs[p][0];
      int b = pairs[p][1];
      out[target + p] +=
          dot(b - 1, starts[a], starts[a + 1], values, offset, some)
              + dot(a, starts[b], starts[b + 1], values, offset, some);
    }
  }

  /** Coefficients of one row times kernel values, where [from, end) and the tile overlap. */
  private double dot(int row, int from, int end, float[] values, int offset, Range some) {
    int low = Math.max(from, some.first());
    int high = Math.min(end, some.end());
    int base = row * model.support().rows();
    int shift = offset - some.first();
    return high <= low ? 0 : dot(model.coefficients(), base + low, values, shift + low, high - low);
  }

  /** Four sums side by side: one would wait for each addition. */
  private static double dot(double[] x, int xFirst, float[] z, int zFirst, int count) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int t = 0;
    for (; t + 3 < count; t += 4) {
      sum0 += x[xFirst + t] * z[zFirst + t];
      sum1 += x[xFirst + t + 1] * z[zFirst + t + 1];
      sum2 += x[xFirst + t + 2] * z[zFirst + t + 2];
      sum3 += x[xFirst + t + 3] * z[zFirst + t + 3];
    }
    for (; t < count; t++) {
      sum0 += x[xFirst + t] * z[zFirst + t];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private void subtractRho(double[] out) {
    double[] rho = model.rho();
    for (int at = 0; at < out.length; at++) {
      out[at] -= rho[at % rho.length];
    }
  }
}
