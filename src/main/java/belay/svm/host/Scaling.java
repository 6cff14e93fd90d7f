package belay.svm.host;

import belay.backend.FloatMatrix;
import belay.backend.SampleFlaw;
import belay.backend.Standardization;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Scales samples in the Java heap, where they are: a copy of 50,000 x 8,192 would take 1.6 GB.
 * Several threads share the columns or the rows; every sum has the order of the rows.
 */
public final class Scaling {
  /** Squared lengths above this overflow when a kernel adds them in fp32. */
  private static final double LONGEST = Float.MAX_VALUE / 8;

  /** Columns of a task: a memory page of every row. */
  private static final int STRIP = 1024;

  /** Rows of a task. */
  private static final int SHARE = 64;

  private final FloatMatrix samples;
  private final int rows;
  private final Workers workers;
  private final StopCheck stopped;

  /**
   * @param rows of the matrix to look at, from the first on
   */
  Scaling(FloatMatrix samples, int rows, Workers workers, StopCheck stopped) {
    this.samples = samples;
    this.rows = rows;
    this.workers = workers;
    this.stopped = stopped;
  }

  /** Leaves every value as it is. */
  public static Standardization none(int features) {
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new Standardization(new double[features], ones);
  }

  /** The first sample with a value that is not finite, or else the first that is too long. */
  Optional<SampleFlaw> flaw() {
    SampleFlaw[] flaws = new SampleFlaw[rows];
    eachRow(row -> flaws[row] = flaw(row));
    return Arrays.stream(flaws)
        .filter(flaw -> flaw != null && flaw.column() >= 0)
        .findFirst()
        .or(() -> Arrays.stream(flaws).filter(flaw -> flaw != null).findFirst());
  }

  private SampleFlaw flaw(int row) {
    int width = samples.columns();
    double length = 0; // not a number or infinite if a value is
    for (int at = row * width; at < (row + 1) * width; at++) {
      length += (double) samples.values()[at] * samples.values()[at];
    }
    if (length <= LONGEST) {
      return null;
    }
    for (int k = 0; k < width; k++) {
      if (!Float.isFinite(samples.at(row, k))) {
        return new SampleFlaw(row, k, samples.at(row, k));
      }
    }
    return new SampleFlaw(row, -1, length);
  }

  /**
   * Mean and population deviation of every feature; 1 for the deviation of one that never changes.
   *
   * @throws belay.error.StoppedException if told to stop
   */
  Standardization fit() {
    int width = samples.columns();
    double[] mean = new double[width];
    double[] deviation = new double[width];
    workers.forEach(
        (width + STRIP - 1) / STRIP,
        strip -> fit(strip * STRIP, Math.min(width, (strip + 1) * STRIP), mean, deviation));
    return new Standardization(mean, deviation);
  }

  private void fit(int from, int end, double[] mean, double[] deviation) {
    double[] sums = new double[end - from];
    boolean[] changes = new boolean[end - from];
    float[] strip = new float[end - from];
    float[] first = new float[end - from];
    copy(0, from, first);
    for (int i = 0; i < rows; i++) {
      stopped.check();
      copy(i, from, strip);
      add(strip, sums);
      compare(strip, first, changes);
    }
    for (int k = 0; k < sums.length; k++) {
      sums[k] /= rows;
    }
    double[] squares = new double[sums.length];
    for (int i = 0; i < rows; i++) {
      stopped.check();
      copy(i, from, strip);
      addSquares(strip, sums, squares);
    }
    for (int k = 0; k < sums.length; k++) {
      double found = Math.sqrt(squares[k] / rows);
      mean[from + k] = sums[k];
      // Rounding of the mean leaves a constant feature with a tiny deviation.
      deviation[from + k] = changes[k] && found > 0 ? found : 1;
    }
  }

  private void copy(int row, int from, float[] strip) {
    System.arraycopy(samples.values(), row * samples.columns() + from, strip, 0, strip.length);
  }

  // Arrays without offsets: HotSpot vectorises no others.
  private static void add(float[] strip, double[] sums) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += strip[k];
    }
  }

  private static void compare(float[] strip, float[] first, boolean[] changes) {
    for (int k = 0; k < changes.length; k++) {
      changes[k] |= strip[k] != first[k];
    }
  }

  private static void addSquares(float[] strip, double[] mean, double[] squares) {
    for (int k = 0; k < squares.length; k++) {
      double distance = strip[k] - mean[k];
      squares[k] += distance * distance;
    }
  }

  /**
   * (x - mean) / deviation in double, rounded to float.
   *
   * @throws belay.error.StoppedException if told to stop; some rows are scaled then
   */
  void apply(Standardization scaling) {
    int width = samples.columns();
    eachRow(
        row -> {
          float[] line = Arrays.copyOfRange(samples.values(), row * width, (row + 1) * width);
          scale(line, scaling.mean(), scaling.deviation());
          System.arraycopy(line, 0, samples.values(), row * width, width);
        });
  }

  private static void scale(float[] line, double[] mean, double[] deviation) {
    for (int k = 0; k < line.length; k++) {
      line[k] = (float) ((line[k] - mean[k]) / deviation[k]);
    }
  }

  /** Population variance of all values. */
  double variance() {
    double[] sums = new double[rows];
    eachRow(row -> sums[row] = sumOf(row));
    double mean = Arrays.stream(sums).sum() / samples.columns() / rows;
    double[] squares = new double[rows];
    eachRow(row -> squares[row] = squaresOf(row, mean));
    return Arrays.stream(squares).sum() / samples.columns() / rows;
  }

  private double sumOf(int row) {
    int first = row * samples.columns();
    double sum = 0;
    for (int at = first; at < first + samples.columns(); at++) {
      sum += samples.values()[at];
    }
    return sum;
  }

  private double squaresOf(int row, double mean) {
    int first = row * samples.columns();
    double sum = 0;
    for (int at = first; at < first + samples.columns(); at++) {
      double distance = samples.values()[at] - mean;
      sum += distance * distance;
    }
    return sum;
  }

  private void eachRow(IntConsumer work) {
    workers.forEach(
        (rows + SHARE - 1) / SHARE,
        share -> {
          for (int row = share * SHARE; row < Math.min(rows, (share + 1) * SHARE); row++) {
            stopped.check();
            work.accept(row);
          }
        });
  }
}
