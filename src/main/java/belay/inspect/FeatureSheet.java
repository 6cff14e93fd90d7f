package belay.inspect;

import belay.features.FeatureFile;
import belay.view.Table;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** Features: their statistics, which of them live, and how the labels are spread. */
final class FeatureSheet {
  private FeatureSheet() {}

  static void add(Sheet sheet, Path path) {
    try (FeatureFile file = FeatureFile.open(path)) {
      int[] train = file.trainLabels();
      int[] test = file.testLabels();
      int features = file.latent().size();
      Table table =
          new Table(
              "set", "images", "features", "live", "mean", "deviation", "min", "max", "zeros");
      row(table, "train", train.length, features, file::streamTrain);
      row(table, "test", test.length, features, file::streamTest);
      sheet.table("features", table).table("labels", labels(file.classNames(), train, test));
    }
  }

  /** A feature lives if it is not zero for every image. */
  private static void row(
      Table table, String set, int images, int features, Consumer<FeatureFile.Rows> rows) {
    Statistics.Accumulator sums = new Statistics.Accumulator();
    BitSet live = new BitSet(features);
    rows.accept(
        (first, count, slab) -> {
          FloatBuffer numbers = slab.asFloatBuffer();
          float[] values = new float[numbers.remaining()];
          numbers.get(values);
          sums.add(values, 0, values.length);
          mark(live, values, count, features);
        });
    Statistics of = sums.statistics();
    table.row(
        set,
        images,
        features,
        live.cardinality(),
        of.mean(),
        of.deviation(),
        of.min(),
        of.max(),
        of.zeros());
  }

  private static void mark(BitSet live, float[] values, int rows, int features) {
    for (int f = live.nextClearBit(0); f < features; f = live.nextClearBit(f + 1)) {
      for (int row = 0; row < rows && !live.get(f); row++) {
        live.set(f, values[row * features + f] != 0);
      }
    }
  }

  private static Table labels(List<String> names, int[] train, int[] test) {
    int[] trainCounts = counts(train, names.size());
    int[] testCounts = counts(test, names.size());
    Table table = new Table("label", "class", "train-images", "test-images");
    for (int label = 0; label < names.size(); label++) {
      table.row(label, names.get(label), trainCounts[label], testCounts[label]);
    }
    return table;
  }

  private static int[] counts(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }
}
