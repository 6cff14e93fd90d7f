package belay.svm.host;

import belay.backend.FloatMatrix;
import belay.backend.Standardization;
import belay.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/** Labelled samples for tests. */
public record Samples(FloatMatrix features, int[] labels) {
  private static final int PIXELS = 3 * 32 * 32;

  /** Normal clouds a little apart, so that they overlap; the class of a row changes every row. */
  public static Samples blobs(int seed, int features, int... counts) {
    Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC_IMAGES);
    int[] labels = shuffledLabels(random, counts);
    FloatMatrix matrix = new FloatMatrix(labels.length, features);
    for (int at = 0; at < matrix.values().length; at++) {
      int column = at % features;
      float centre = random.normal(100 + labels[at / features], column);
      matrix.values()[at] = 5 + (column + 1) * (0.6f * centre + random.normal(1, at));
    }
    return new Samples(matrix, labels);
  }

  private static int[] shuffledLabels(Philox random, int[] counts) {
    int[] labels =
        IntStream.range(0, counts.length)
            .flatMap(c -> IntStream.generate(() -> c).limit(counts[c]))
            .toArray();
    for (int i = labels.length - 1; i > 0; i--) {
      int other = random.below(i + 1, 2, i);
      int label = labels[i];
      labels[i] = labels[other];
      labels[other] = label;
    }
    return labels;
  }

  /** Pixels 0 to 1 of real images, or a skipped test. */
  public static Samples cifar(String file, int count) throws IOException {
    String named = System.getenv("BELAY_TEST_DATA");
    Path folder = Path.of(named == null ? "../shared/data/cifar10-exact" : named);
    Assumptions.assumeTrue(Files.exists(folder.resolve(file)), "no real images in " + folder);
    byte[] bytes = Files.readAllBytes(folder.resolve(file));
    FloatMatrix features = new FloatMatrix(count, PIXELS);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      int start = i * (1 + PIXELS);
      labels[i] = bytes[start];
      for (int k = 0; k < PIXELS; k++) {
        features.values()[i * PIXELS + k] = (bytes[start + 1 + k] & 0xFF) / 255f;
      }
    }
    return new Samples(features, labels);
  }

  /** The features in an array of their own. */
  public FloatMatrix copy() {
    return new FloatMatrix(features.rows(), features.columns(), features.values().clone());
  }

  /** Scaled copies of some rows. */
  public FloatMatrix scaled(Standardization scaling, int[] rows) {
    FloatMatrix all = copy();
    scaler(all).apply(scaling);
    FloatMatrix some = new FloatMatrix(rows.length, all.columns());
    for (int i = 0; i < rows.length; i++) {
      int width = all.columns();
      System.arraycopy(all.values(), rows[i] * width, some.values(), i * width, width);
    }
    return some;
  }

  static Scaling scaler(FloatMatrix samples) {
    return new Scaling(samples, samples.rows(), new Workers(2, "test"), new StopCheck(() -> false));
  }

  public Samples rows(int from, int to) {
    int width = features.columns();
    float[] values = Arrays.copyOfRange(features.values(), from * width, to * width);
    return new Samples(
        new FloatMatrix(to - from, width, values), Arrays.copyOfRange(labels, from, to));
  }

  public Samples relabelled(int... names) {
    return new Samples(features, Arrays.stream(labels).map(label -> names[label]).toArray());
  }
}
