package belay.backend.reference;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.StopFlag;
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

  /** Features that one pass over the sums adds: HotSpot does not unroll longer bodies. */
  private static final int STEP = 4;

  /** Fewer left samples than this are not worth a packed panel. */
  private static final int FEW = 8;

  private final StopFlag stop;
  private final FloatMatrix left;
  private final FloatMatrix right;
  private final KernelFunction kernel;
  private final float[] leftNorms; // |x|^2 [n]
  private final float[] rightNorms; // |z|^2 [m]
  private final float[][] panel = new float[DEPTH][WIDTH]; // [feature, right sample]
  private final float[] piece = new float[DEPTH]; // one left sample's features, zero-padded
  private final float[] sums = new float[WIDTH];

  /**
   * @param left samples [n, d]
   * @param right samples [m, d]; may be the same object
   */
  public ReferenceKernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    this(StopFlag.NEVER, left, right, kernel);
  }

  /**
   * @param stop looked at before each row of a panel
   */
  ReferenceKernelRows(StopFlag stop, FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    if (left.columns() != right.columns()) {
      throw new IllegalArgumentException(
          left.columns() + " and " + right.columns() + " features do not match");
    }
    this.stop = stop;
    this.left = left;
    this.right = right;
    this.kernel = kernel;
    leftNorms = squaredNorms(left);
    rightNorms = left == right ? leftNorms : squaredNorms(right);
  }

  @Override
  public void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    if (leftCount < FEW) {
      for (int i = 0; i < leftCount; i++) {
        stop.check();
        multiplyOne(firstLeft + i, firstRight, rightCount, out, i * rightCount);
      }
    } else {
      multiply(firstLeft, leftCount, firstRight, rightCount, out);
    }
    if (kernel instanceof KernelFunction.Rbf rbf) {
      toRbf(rbf.gamma(), firstLeft, leftCount, firstRight, rightCount, out);
    }
  }

  @Override
  public void close() {}

  /** Products of all pairs, through packed panels. */
  private void multiply(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    Arrays.fill(out, 0, leftCount * rightCount, 0);
    for (int j = 0; j < rightCount; j += WIDTH) {
      int width = Math.min(WIDTH, rightCount - j);
      for (int k = 0; k < left.columns(); k += DEPTH) {
        int depth = Math.min(DEPTH, left.columns() - k);
        pack(firstRight + j, width, k, depth);
        for (int i = 0; i < leftCount; i++) {
          stop.check();
          multiplyPanel(firstLeft + i, k, depth, width);
          int target = i * rightCount + j;
          for (int t = 0; t < width; t++) {
            out[target + t] += sums[t];
          }
        }
      }
    }
  }

  /** Transposes a tile of the right samples, with zeros up to a multiple of STEP features. */
  private void pack(int firstRight, int width, int firstFeature, int depth) {
    for (int k = depth; k % STEP != 0; k++) {
      Arrays.fill(panel[k], 0);
    }
    for (int t = 0; t < width; t++) {
      int source = (firstRight + t) * right.columns() + firstFeature;
      for (int k = 0; k < depth; k++) {
        panel[k][t] = right.values()[source + k];
      }
    }
  }

  /** Sets sums to one left sample's products with the packed panel. */
  private void multiplyPanel(int leftRow, int firstFeature, int depth, int width) {
    Arrays.fill(piece, 0);
    System.arraycopy(left.values(), leftRow * left.columns() + firstFeature, piece, 0, depth);
    Arrays.fill(sums, 0, width, 0);
    for (int k = 0; k < depth; k += STEP) {
      multiplyStep(piece, k, panel[k], panel[k + 1], panel[k + 2], panel[k + 3], sums, width);
    }
  }

  // Arrays without offsets: HotSpot vectorises no others.
  private static void multiplyStep(
      float[] x, int k, float[] z0, float[] z1, float[] z2, float[] z3, float[] sums, int width) {
    float x0 = x[k];
    float x1 = x[k + 1];
    float x2 = x[k + 2];
    float x3 = x[k + 3];
    for (int t = 0; t < width; t++) {
      sums[t] = sums[t] + x0 * z0[t] + x1 * z1[t] + x2 * z2[t] + x3 * z3[t];
    }
  }

  /** Products of one left sample, four right samples side by side, added as in the panels. */
  private void multiplyOne(int leftRow, int firstRight, int count, float[] out, int target) {
    int columns = left.columns();
    for (int j = 0; j < count; j += 4) {
      // Past the end the last sample is taken again.
      int last = count - 1;
      int z0 = (firstRight + j) * columns;
      int z1 = (firstRight + Math.min(j + 1, last)) * columns;
      int z2 = (firstRight + Math.min(j + 2, last)) * columns;
      int z3 = (firstRight + Math.min(j + 3, last)) * columns;
      multiplyFour(leftRow * columns, z0, z1, z2, z3);
      System.arraycopy(sums, 0, out, target + j, Math.min(4, count - j));
    }
  }

  private void multiplyFour(int atX, int at0, int at1, int at2, int at3) {
    float[] x = left.values();
    float[] z = right.values();
    Arrays.fill(sums, 0, 4, 0);
    for (int k = 0; k < left.columns(); k += DEPTH) {
      int end = Math.min(k + DEPTH, left.columns());
      float sum0 = 0;
      float sum1 = 0;
      float sum2 = 0;
      float sum3 = 0;
      for (int t = k; t < end; t++) {
        float value = x[atX + t];
        sum0 += value * z[at0 + t];
        sum1 += value * z[at1 + t];
        sum2 += value * z[at2 + t];
        sum3 += value * z[at3 + t];
      }
      sums[0] += sum0;
      sums[1] += sum1;
      sums[2] += sum2;
      sums[3] += sum3;
    }
  }

  /** x . z -> exp(-gamma max(0, |x|^2 + |z|^2 - 2 x . z)) */
  private void toRbf(
      double gamma, int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    for (int i = 0; i < leftCount; i++) {
      stop.check();
      double norm = leftNorms[firstLeft + i];
      for (int j = 0; j < rightCount; j++) {
        int at = i * rightCount + j;
        double distance = norm + rightNorms[firstRight + j] - 2.0 * out[at];
        out[at] = (float) StrictMath.exp(-gamma * Math.max(0, distance));
      }
    }
  }

  /** Adds in the order of {@link #block}, so that a sample is at distance 0 from itself. */
  private float[] squaredNorms(FloatMatrix samples) {
    float[] norms = new float[samples.rows()];
    float[] values = samples.values();
    for (int i = 0; i < samples.rows(); i++) {
      stop.check();
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
