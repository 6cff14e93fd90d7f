package belay.data.source;

import belay.data.CifarLayout;
import belay.data.CifarWriter;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.data.picture.TestPictures;
import belay.hdf.Hdf5Writer;
import belay.storage.Fence;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * The same few images in every format. Label i % 3 belongs to image i, as directories give them.
 */
public final class WrittenImages {
  /** Names of the classes of directories and of CIFAR-10's layout. */
  public static final List<String> NAMES = List.of("ant", "bee", "cat");

  private WrittenImages() {}

  /** Noise, another in every image. */
  public static Dataset dataset(ImageShape shape, int train, int test, long seed) {
    Random random = new Random(seed);
    return new Dataset(set(shape, train, random), set(shape, test, random), NAMES);
  }

  private static ImageSet set(ImageShape shape, int count, Random random) {
    byte[] pixels = new byte[count * (int) shape.bytes()];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % NAMES.size());
    }
    return new ImageSet(shape.format(NAMES.size()), pixels, labels);
  }

  static ImageQuery query(Path place) {
    CifarLayout usual = CifarLayout.CIFAR10;
    return new ImageQuery(
        place,
        OptionalInt.empty(),
        usual.trainFiles(),
        usual.testFiles(),
        usual.namesFile(),
        Hdf5Names.USUAL,
        20,
        false,
        Optional.empty());
  }

  static Images read(Path place, ImageShape shape) {
    return ImageSources.fitting(query(place), shape).read(Reading.whole());
  }

  static void records(Path directory, Dataset dataset) {
    CifarLayout layout = CifarLayout.standard(dataset.train().format());
    new CifarWriter(directory, layout).write(dataset);
  }

  /**
   * @param pattern %s is images-idx3 or labels-idx1
   * @param rank 3, or 4 for channels last
   */
  static void idx(Path directory, String pattern, ImageSet set, int rank) throws IOException {
    ImageFormat format = set.format();
    int[] shape = {set.count(), format.height(), format.width(), format.channels()};
    byte[] pixels = channelsLast(set);
    idx(directory.resolve(pattern.formatted("images-idx3")), Arrays.copyOf(shape, rank), pixels);
    idx(directory.resolve(pattern.formatted("labels-idx1")), new int[] {set.count()}, set.labels());
  }

  static void idx(Path file, int[] shape, byte[] values) throws IOException {
    Files.createDirectories(file.getParent());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean isPacked = file.toString().endsWith(".gz");
    try (DataOutputStream out =
        new DataOutputStream(isPacked ? new GZIPOutputStream(bytes) : bytes)) {
      out.writeInt(0x0800 | shape.length);
      for (int side : shape) {
        out.writeInt(side);
      }
      out.write(values);
    }
    Files.write(file, bytes.toByteArray());
  }

  /** MNIST's four files. */
  public static void mnist(Path directory, Dataset dataset) throws IOException {
    idx(directory, "train-%s-ubyte", dataset.train(), 3);
    idx(directory, "t10k-%s-ubyte", dataset.test(), 3);
  }

  static void hdf5(Path file, Dataset dataset, boolean channelsLast) throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      hdf5(writer, "/train", dataset.train(), channelsLast);
      hdf5(writer, "/test", dataset.test(), channelsLast);
      writer.publish(Fence.NONE);
    }
  }

  private static void hdf5(Hdf5Writer writer, String group, ImageSet set, boolean channelsLast)
      throws IOException {
    ImageFormat format = set.format();
    long[] shape =
        channelsLast
            ? new long[] {set.count(), format.height(), format.width(), format.channels()}
            : new long[] {set.count(), format.channels(), format.height(), format.width()};
    writer.unsignedBytes(group + "/images", channelsLast ? channelsLast(set) : set.pixels(), shape);
    long[] labels = new long[set.count()];
    Arrays.setAll(labels, set::label);
    writer.longs(group + "/labels", labels);
  }

  static byte[] channelsLast(ImageSet set) {
    ImageFormat format = set.format();
    int plane = format.height() * format.width();
    byte[] values = new byte[set.pixels().length];
    int at = 0;
    for (int i = 0; i < set.count(); i++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < format.channels(); c++) {
          values[at++] = set.pixels()[i * format.imageBytes() + c * plane + p];
        }
      }
    }
    return values;
  }

  /** A directory with PNG pictures for each class. */
  public static void pictures(Path directory, ImageSet set) throws IOException {
    ImageFormat format = set.format();
    for (int i = 0; i < set.count(); i++) {
      Path file = directory.resolve(NAMES.get(set.label(i))).resolve("%05d.png".formatted(i));
      Files.createDirectories(file.getParent());
      int offset = i * format.imageBytes();
      if (format.channels() == 3) {
        TestPictures.png(file, set.pixels(), offset, format.height(), format.width());
      } else {
        TestPictures.greyPng(file, set.pixels(), offset, format.height(), format.width());
      }
    }
  }
}
