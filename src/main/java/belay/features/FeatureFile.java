package belay.features;

import belay.backend.FloatMatrix;
import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Object;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * The features of a data set, open for reading: /train and /test with features float32 [n,
 * features] and labels uint8 [n], and /classes. Feature f is the latent value [h, w, c] with f = (h
 * W + w) C + c.
 */
public final class FeatureFile implements AutoCloseable {
  static final String TRAIN = "/train";
  static final String TEST = "/test";
  static final String CLASSES = "/classes";

  /** Labels are bytes. */
  private static final Bounds CLASS_COUNT = new Bounds(1, 256);

  /** As many values as a network may have in one place. */
  private static final Bounds LATENT = new Bounds(1, 1 << 24);

  private static final String FORMAT = "belay-features";
  private static final long VERSION = 1;

  private final Hdf5Reader reader;
  private final BooleanSupplier stop;

  private FeatureFile(Hdf5Reader reader, BooleanSupplier stop) {
    this.reader = reader;
    this.stop = stop;
  }

  /**
   * @throws belay.error.DataException if the file is missing, damaged or holds no features
   */
  public static FeatureFile open(Path file) {
    return open(file, () -> false);
  }

  /**
   * @param stop asked several times a second while features are read
   * @throws belay.error.DataException if the file is missing, damaged or holds no features
   */
  public static FeatureFile open(Path file, BooleanSupplier stop) {
    Hdf5Reader reader = Hdf5Reader.open(file);
    try {
      FeatureFile features = new FeatureFile(reader, stop);
      features.check();
      return features;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /**
   * Features and labels of the training images; the digests are checked on the way.
   *
   * @throws belay.error.DeviceException if the Java heap is too small for them
   * @throws belay.error.StoppedException if told to stop
   */
  public LabelledFeatures train() {
    return read(TRAIN);
  }

  /** The same of the test images. */
  public LabelledFeatures test() {
    return read(TEST);
  }

  /** Receives features as they are read. */
  @FunctionalInterface
  public interface Rows {
    /**
     * @param first row
     * @param values direct, little endian, row-major [count, features], valid during the call
     */
    void accept(int first, int count, ByteBuffer values);
  }

  /**
   * Hands over the features of the training images in order, without holding them: reading and
   * digesting run ahead on other threads. What they led to counts only when this returns.
   *
   * @throws belay.error.DataException if they are not those that were written
   * @throws belay.error.StoppedException if told to stop
   */
  public void streamTrain(Rows use) {
    rows(TRAIN).stream(use);
  }

  /** The same of the test images. */
  public void streamTest(Rows use) {
    rows(TEST).stream(use);
  }

  /** Class of each training image. */
  public int[] trainLabels() {
    return labels(TRAIN);
  }

  /** Class of each test image. */
  public int[] testLabels() {
    return labels(TEST);
  }

  public List<String> classNames() {
    return new BoundedReader(reader).names(CLASSES, CLASS_COUNT);
  }

  /** The latent shape that was flattened. */
  public Shape latent() {
    return new Shape(latent("latent_height"), latent("latent_width"), latent("latent_channels"));
  }

  /** What made the features. */
  public Map<String, String> provenance() {
    return reader.texts("/provenance");
  }

  /** Effective values by key. */
  public Map<String, String> configuration() {
    return reader.texts("/configuration");
  }

  /** SHA-256 of the parameter vector that encoded the images. */
  public String weightsSha256() {
    return origin().weights();
  }

  /** SHA-256 of the network's text. */
  public String networkSha256() {
    return origin().network();
  }

  /** Digests of the training images and of the test images, a hyphen between. */
  public String dataDigest() {
    return origin().data();
  }

  /** SHA-256 of the file's manifest: equal for equal features and provenance. */
  public String sha256() {
    return reader.manifestSha256();
  }

  Origin origin() {
    return new Origin(
        reader.text("/", "weights_sha256"),
        reader.text("/", "network_sha256"),
        reader.text("/", "data_sha256"));
  }

  /**
   * Checks the digest of everything, and every value.
   *
   * @throws belay.error.DataException for the first that is wrong
   */
  public void verify() {
    for (String group : List.of(TRAIN, TEST)) {
      rows(group).verify();
      labels(group);
    }
  }

  private CheckedRows rows(String group) {
    return new CheckedRows(reader, group + "/features", stop);
  }

  static void describe(Hdf5Writer writer, Origin origin, Shape latent) {
    Hdf5Object root =
        writer
            .group("/")
            .attribute("format", FORMAT)
            .attribute("version", VERSION)
            .attribute("description", "Latent features of images, for a classifier")
            .attribute(
                "verify",
                "/manifest lists every dataset and attribute with its SHA-256; it says how");
    root.attribute("weights_sha256", origin.weights())
        .attribute("network_sha256", origin.network())
        .attribute("data_sha256", origin.data());
    root.attribute("latent_height", latent.height())
        .attribute("latent_width", latent.width())
        .attribute("latent_channels", latent.channels())
        .attribute("latent_axes", "H, W, C: feature f is latent [h, w, c], f = (h W + w) C + c");
  }

  @Override
  public void close() {
    reader.close();
  }

  private void check() {
    String format = reader.text("/", "format");
    if (!format.equals(FORMAT)) {
      throw reader.problem("is a %s, expected a %s".formatted(format, FORMAT));
    }
    if (reader.integer("/", "version") != VERSION) {
      throw reader.problem(
          "has format version %d, this belay reads %d: extract again"
              .formatted(reader.integer("/", "version"), VERSION));
    }
    BoundedReader bounded = new BoundedReader(reader);
    if (!LATENT.hold((double) latent().height() * latent().width() * latent().channels())) {
      throw reader.problem("has a latent shape of %s, which no network has".formatted(latent()));
    }
    for (String group : List.of(TRAIN, TEST)) {
      List<Integer> shape = List.of(bounded.length(group + "/labels"), latent().size());
      reader.expectShape(group + "/features", "its label and latent shapes", shape);
    }
    Set<String> others = new TreeSet<>(reader.datasets());
    List.of("/train/features", "/train/labels", "/test/features", "/test/labels", CLASSES)
        .forEach(others::remove);
    if (!others.isEmpty()) {
      throw reader.problem("has unexpected datasets: " + others);
    }
  }

  private LabelledFeatures read(String group) {
    float[] values = rows(group).read();
    int[] labels = labels(group);
    return new LabelledFeatures(new FloatMatrix(labels.length, latent().size(), values), labels);
  }

  private int[] labels(String group) {
    byte[] bytes = reader.unsignedBytes(group + "/labels");
    int classes = classNames().size();
    int[] labels = new int[bytes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Byte.toUnsignedInt(bytes[i]);
      if (labels[i] >= classes) {
        throw reader.problem(
            "%s/labels[%d] is %d of %d classes".formatted(group, i, labels[i], classes));
      }
    }
    return labels;
  }

  private int latent(String name) {
    return (int) new BoundedReader(reader).integer("/", name, LATENT);
  }
}
