package belay.review;

import belay.backend.Backend;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.error.DataException;
import belay.net.Network;
import belay.net.Parameter;
import belay.view.Mosaic;
import belay.view.Picture;
import belay.view.Reconstructions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Pictures from kept checkpoints. What was computed once is kept for the next look. */
final class Gallery {
  private static final int GAP = 2;
  private static final int FILTERS_IN_A_ROW = 32;

  private final Lazy<Backend> backend;
  private final Effort effort;
  private final Map<Path, Reconstructions.Row> known = new HashMap<>();

  /**
   * How much to show of each run: a page of many runs must stay small.
   *
   * @param images to reconstruct at most
   * @param epochs to reconstruct them after at most
   * @param pairs of confused classes at most
   * @param examples of each pair at most
   */
  record Effort(int images, int epochs, int pairs, int examples) {}

  Gallery(Supplier<Backend> backend, Effort effort) {
    this.backend = new Lazy<>(backend);
    this.effort = effort;
  }

  Effort effort() {
    return effort;
  }

  Reconstructions reconstructions(
      Checkpoints checkpoints, Network network, ImageSet test, List<String> classNames) {
    ImageSet some = oneOfEachClass(test);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < some.count(); i++) {
      labels.add(name(classNames, some.label(i)));
    }
    List<Reconstructions.Row> rows = new ArrayList<>();
    for (CheckpointName name : chosen(checkpoints)) {
      try {
        Path file = checkpoints.file(name);
        rows.add(row(file, name, network, some, labels));
      } catch (DataException e) {
        continue; // deleted or replaced since it was listed
      }
    }
    return new Reconstructions(labels, originals(some, labels), rows);
  }

  private synchronized Reconstructions.Row row(
      Path file, CheckpointName name, Network network, ImageSet some, List<String> labels) {
    return known.computeIfAbsent(file, f -> computed(f, name, network, some, labels));
  }

  private Reconstructions.Row computed(
      Path file, CheckpointName name, Network network, ImageSet some, List<String> labels) {
    float[] weights = CheckpointFile.readWeights(file, network);
    float[] output = Decoder.reconstruct(backend.get(), network, weights, some);
    ImageFormat format = some.format();
    Mosaic mosaic = mosaic(format, some.count());
    int pixels = format.height() * format.width();
    for (int i = 0; i < some.count(); i++) {
      mosaic.add(Tiles.computed(output, i * format.imageBytes(), pixels, format.channels()));
    }
    String title = "epoch " + name.epoch();
    String description =
        "Reconstructions after " + title + " of test images: " + String.join(", ", labels);
    return new Reconstructions.Row(title, error(some, output), mosaic.picture(description));
  }

  private static Picture originals(ImageSet some, List<String> labels) {
    Mosaic mosaic = mosaic(some.format(), some.count());
    for (int i = 0; i < some.count(); i++) {
      mosaic.add(Tiles.stored(some, i));
    }
    return mosaic.picture("Test images: " + String.join(", ", labels));
  }

  static Mosaic mosaic(ImageFormat format, int columns) {
    return new Mosaic(format.height(), format.width(), columns, GAP);
  }

  static String name(List<String> classNames, int label) {
    return label < classNames.size() ? classNames.get(label) : "class " + label;
  }

  /** Mean squared error per value over these images. */
  private static double error(ImageSet some, float[] output) {
    int[] rows = new int[some.count()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    float[] input = new float[output.length];
    some.normalized(rows, 0, rows.length, input);
    double sum = 0;
    for (int i = 0; i < input.length; i++) {
      double difference = output[i] - input[i];
      sum += difference * difference;
    }
    return sum / input.length;
  }

  /** The first test image of each class, as many as the effort allows. */
  private ImageSet oneOfEachClass(ImageSet test) {
    List<Integer> rows = new ArrayList<>();
    TreeSet<Integer> seen = new TreeSet<>();
    for (int row = 0; row < test.count() && rows.size() < effort.images(); row++) {
      if (seen.add(test.label(row))) {
        rows.add(row);
      }
    }
    int bytes = test.format().imageBytes();
    byte[] pixels = new byte[rows.size() * bytes];
    byte[] labels = new byte[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(test.pixels(), rows.get(i) * bytes, pixels, i * bytes, bytes);
      labels[i] = (byte) test.label(rows.get(i));
    }
    return new ImageSet(test.format(), pixels, labels);
  }

  /** Whole epochs, oldest first: the first, the newest, and others evenly between them. */
  private List<CheckpointName> chosen(Checkpoints checkpoints) {
    List<CheckpointName> whole =
        checkpoints.list().stream().filter(CheckpointName::isWhole).sorted().toList();
    if (whole.size() <= effort.epochs()) {
      return whole;
    }
    TreeSet<CheckpointName> chosen = new TreeSet<>();
    for (int i = 0; i < effort.epochs(); i++) {
      chosen.add(whole.get(i * (whole.size() - 1) / Math.max(1, effort.epochs() - 1)));
    }
    return List.copyOf(chosen);
  }

  /** The filters of a network's first convolution, if it has one. */
  static Optional<Picture> filters(Path file, Network network) {
    return Tiles.firstKernel(network).map(first -> filters(file, network, first));
  }

  private static Picture filters(Path file, Network network, Parameter first) {
    float[] weights = CheckpointFile.readWeights(file, network);
    float[] kernel = Arrays.copyOfRange(weights, first.offset(), first.end());
    List<Integer> shape = first.shape(); // [Kh, Kw, Cin, Cout]
    int filters = shape.get(3);
    int columns = filters <= 64 ? FILTERS_IN_A_ROW / 2 : FILTERS_IN_A_ROW;
    Mosaic mosaic = new Mosaic(shape.get(0), shape.get(1), Math.min(filters, columns), 1);
    for (int i = 0; i < filters; i++) {
      mosaic.add(Tiles.filter(kernel, shape.get(0) * shape.get(1), shape.get(2), filters, i));
    }
    return mosaic.picture("The %d filters of the first layer".formatted(filters));
  }
}
