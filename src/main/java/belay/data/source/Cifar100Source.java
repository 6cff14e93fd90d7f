package belay.data.source;

import belay.data.ClassNames;
import belay.data.ImageShape;
import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * CIFAR-100's binary version (Krizhevsky, 2009): train.bin and test.bin of records of a coarse
 * label, a fine label and 3 x 32 x 32 bytes. The fine label is the class.
 */
final class Cifar100Source implements ImageSource {
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);
  private static final int LABELS = 2;
  private static final int RECORD = LABELS + 3 * 32 * 32;
  private static final int FINE = 100;
  private static final String NAMES = "fine_label_names.txt";

  private final Path home;
  private final OptionalInt classes;

  private Cifar100Source(Path home, OptionalInt classes) {
    this.home = home;
    this.classes = classes;
  }

  static Optional<ImageSource> find(ImageQuery query) {
    return Folder.holder(query.place(), Cifar100Source::holds)
        .map(home -> new Cifar100Source(home, query.classes()));
  }

  private static boolean holds(Path home) {
    return Files.exists(home.resolve("train.bin")) && Files.exists(home.resolve("test.bin"));
  }

  /** Whether the directory's .bin files are these and no others. */
  static boolean hasNames(Path home) {
    return holds(home) && Files.exists(home.resolve(NAMES));
  }

  @Override
  public String format() {
    return "CIFAR-100's records";
  }

  @Override
  public Path place() {
    return home;
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.of(SHAPE);
  }

  @Override
  public long count() {
    return records(home.resolve("train.bin")) + records(home.resolve("test.bin"));
  }

  @Override
  public Images read(Reading how) {
    List<String> names = names();
    return Images.stored(
        Labels.dataset(
            SHAPE, names, read("train.bin", names.size()), read("test.bin", names.size())));
  }

  private List<String> names() {
    Path file = home.resolve(NAMES);
    int expected = classes.orElse(FINE);
    if (Files.notExists(file)) {
      return ClassNames.numbers(expected);
    }
    List<String> names = ClassNames.read(file);
    if (names.size() != expected) {
      throw new DataException(
          "%s: has %d names, expected one for each of %d classes"
              .formatted(file, names.size(), expected));
    }
    return names;
  }

  private static long records(Path file) {
    try {
      long length = Files.isRegularFile(file) ? Files.size(file) : 0;
      if (length == 0 || length % RECORD != 0) {
        throw new DataException(
            ("%s: has %d bytes, expected records of %d (a coarse and a fine label, and 3 x 32 x 32"
                    + " pixels); copy it again")
                .formatted(file, length, RECORD));
      }
      return length / RECORD;
    } catch (IOException e) {
      throw new DataException("Cannot read %s: %s".formatted(file, DiskProblem.reason(e)), e);
    }
  }

  private Planes read(String name, int names) {
    Path file = home.resolve(name);
    Planes planes = Planes.allocate(file, records(file), SHAPE);
    byte[] record = new byte[RECORD];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
      for (int i = 0; i < planes.count(); i++) {
        if (in.readNBytes(record, 0, RECORD) < RECORD) {
          throw new DataException(file + ": ended while it was read; is something writing it?");
        }
        int fine = record[1] & 0xFF;
        if (fine >= names) {
          throw new DataException(
              "%s: record %d at byte %d has the fine label %d, expected 0 to %d; it is damaged"
                  .formatted(file, i, (long) i * RECORD, fine, names - 1));
        }
        planes.labels()[i] = (byte) fine;
        System.arraycopy(record, LABELS, planes.pixels(), i * (RECORD - LABELS), RECORD - LABELS);
      }
    } catch (IOException e) {
      throw new DataException("Cannot read %s: %s".formatted(file, DiskProblem.reason(e)), e);
    }
    return planes;
  }
}
