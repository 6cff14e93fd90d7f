package belay.backend.reference;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import java.util.Arrays;

/**
 * Kernel blocks by plain loops: a sum of products runs over the features in ascending order, in
 * partial sums of {@value #DEPTH} features, in fp32. The right samples are transposed a panel at a
 * time, so that the innermost loop runs over samples and the compiler may vectorise it without
 * changing the order of any sum.
 */
public final class ReferenceKernelRows implements KernelRows {
  /**
   * Features of a packed panel; 512 KiB with {@link #WIDTH}, within a core's second-level cache.
   */
  private static final int DEPTH = 256;

  /** Right samples of a packed panel. */
  private static final int WIDTH = 512;

  /** Features that one pass over the accumulators adds; divides {@link #DEPTH}. */
  private static final int STEP = 8;

  private final FloatMatrix left;
  private final FloatMatrix right;
  private final KernelFunction kernel;
  private final float[] leftNorms; // |x|^2 [n]
  private final float[] rightNorms; // |z|^2 [m]
  private final float[] panel = new float[DEPTH * WIDTH]; // [feature, right sample]
  private final float[] piece = new float[DEPTH]; // one left sample's features, zero-padded
  private final float[] sums = new float[WIDTH];

  /**
   * @param left samples [n, d]
   * @param right samples [m, d]; may be the same object
   */
  public ReferenceKernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    if (left.columns() != right.columns()) {
      throw new IllegalArgumentException(
          left.columns() + " and " + right.columns() + " features do not match");
    }
    this.left = left;
    this.right = right;
    this.kernel = kernel;
    leftNorms = squaredNorms(left);
    rightNorms = left == right ? leftNorms : squaredNorms(right);
  }

  @Override
  public void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    Arrays.fill(out, 0, leftCount * rightCount, 0);
    for (int j = 0; j < rightCount; j += WIDTH) {
      int width = Math.min(WIDTH, rightCount - j);
      for (int k = 0; k < left.columns(); k += DEPTH) {
        int depth = Math.min(DEPTH, left.columns() - k);
        pack(firstRight + j, width, k, depth);
        for (int i = 0; i < leftCount; i++) {
          addProducts(firstLeft + i, k, depth, width);
          int target = i * rightCount + j;
          for (int t = 0; t < width; t++) {
            out[target + t] += sums[t];
          }
        }
      }
    }
    if (kernel instanceof KernelFunction.Rbf rbf) {
      toRbf(rbf.gamma(), firstLeft, leftCount, firstRight, rightCount, out);
    }
  }

  @Override
  public void close() {}

  /** Transposes a tile of the right samples, with zeros up to a multiple of STEP features. */
  private void pack(int firstRight, int width, int firstFeature, int depth) {
    int padded = (depth + STEP - 1) / STEP * STEP;
    Arrays.fill(panel, depth * WIDTH, padded * WIDTH, 0);
    for (int t = 0; t < width; t++) {
      int source = (firstRight + t) * right.columns() + firstFeature;
      for (int k = 0; k < depth; k++) {
        panel[k * WIDTH + t] = right.values()[source + k];
      }
    }
  }

  /** Sets sums to one left sample's products with the packed panel. */
  private void addProducts(int leftRow, int firstFeature, int depth, int width) {
    Arrays.fill(piece, 0);
    System.arraycopy(left.values(), leftRow * left.columns() + firstFeature, piece, 0, depth);
    Arrays.fill(sums, 0, width, 0);
    for (int k = 0; k < depth; k += STEP) {
      addStep(piece, k, panel, k * WIDTH, sums, width);
    }
  }

  private static void addStep(float[] x, int k, float[] z, int base, float[] sums, int width) {
    float x0 = x[k];
    float x1 = x[k + 1];
    float x2 = x[k + 2];
    float x3 = x[k + 3];
    float x4 = x[k + 4];
    float x5 = x[k + 5];
    float x6 = x[k + 6];
    float x7 = x[k + 7];
    for (int t = 0; t < width; t++) {
      int at = base + t;
      sums[t] =
          sums[t]
              + x0 * z[at]
              + x1 * z[at + WIDTH]
              + x2 * z[at + 2 * WIDTH]
              + x3 * z[at + 3 * WIDTH]
              + x4 * z[at + 4 * WIDTH]
              + x5 * z[at + 5 * WIDTH]
              + x6 * z[at + 6 * WIDTH]
              + x7 * z[at + 7 * WIDTH];
    }
  }

  /** x . z -> exp(-gamma max(0, |x|^2 + |z|^2 - 2 x . z)) */
  private void toRbf(
      double gamma, int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    for (int i = 0; i < leftCount; i++) {
      double norm = leftNorms[firstLeft + i];
      for (int j = 0; j < rightCount; j++) {
        int at = i * rightCount + j;
        double distance = norm + rightNorms[firstRight + j] - 2.0 * out[at];
        out[at] = (float) StrictMath.exp(-gamma * Math.max(0, distance));
      }
    }
  }

  /** Adds in the order of {@link #block}, so that a sample is at distance 0 from itself. */
  private static float[] squaredNorms(FloatMatrix samples) {
    float[] norms = new float[samples.rows()];
    float[] values = samples.values();
    for (int i = 0; i < samples.rows(); i++) {
      int base = i * samples.columns();
      for (int k = 0; k < samples.columns(); k += DEPTH) {
        float sum = 0;
        for (int t = k; t < Math.min(k + DEPTH, samples.columns()); t++) {
          sum += values[base + t] * values[base + t];
        }
        norms[i] += sum;
      }
    }
    return norms;
  }
}
