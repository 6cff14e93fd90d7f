package belay.inspect;

import belay.hdf.Hdf5Reader;
import belay.report.Table;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;

/** Features: their statistics, which of them live, and how the labels are spread. */
final class FeatureSheet {
  private static final int ROWS = 256; // read at a time

  private FeatureSheet() {}

  static void add(Sheet sheet, Hdf5Reader reader) {
    Table features =
        new Table("set", "images", "features", "live", "mean", "deviation", "min", "max", "zeros");
    for (String set : List.of("train", "test")) {
      row(features, set, reader);
    }
    sheet.table("features", features).table("labels", labels(reader));
  }

  /** A feature lives if it is not zero for every image. */
  private static void row(Table table, String set, Hdf5Reader reader) {
    String path = "/" + set + "/features";
    int images = Math.toIntExact(reader.shape(path).get(0));
    int features = Math.toIntExact(reader.shape(path).get(1));
    Statistics.Accumulator sums = new Statistics.Accumulator();
    BitSet live = new BitSet(features);
    reader.stream(
        path,
        ROWS * features,
        (first, slab) -> {
          FloatBuffer numbers = slab.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
          float[] values = new float[numbers.remaining()];
          numbers.get(values);
          sums.add(values, 0, values.length);
          mark(live, values, values.length / features, features);
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

  private static Table labels(Hdf5Reader reader) {
    List<String> names = reader.strings("/classes");
    int[] train = counts(reader.unsignedBytes("/train/labels"), names.size());
    int[] test = counts(reader.unsignedBytes("/test/labels"), names.size());
    Table table = new Table("label", "class", "train-images", "test-images");
    for (int label = 0; label < names.size(); label++) {
      table.row(label, names.get(label), train[label], test[label]);
    }
    return table;
  }

  private static int[] counts(byte[] labels, int classes) {
    int[] counts = new int[classes];
    for (byte label : labels) {
      counts[Byte.toUnsignedInt(label)]++;
    }
    return counts;
  }
}
