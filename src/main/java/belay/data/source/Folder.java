package belay.data.source;

import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What lies in a directory, in the order of the names; hidden files are none of a data set. */
final class Folder {
  /** As torchvision nests MNIST/raw. */
  private static final int DEPTH = 2;

  private Folder() {}

  static List<Path> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(entry -> entry.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new DataException("Cannot list %s: %s".formatted(directory, DiskProblem.reason(e)), e);
    }
  }

  static List<Path> directories(Path directory) {
    return entries(directory).stream().filter(Files::isDirectory).toList();
  }

  static List<Path> files(Path directory) {
    return entries(directory).stream().filter(Files::isRegularFile).toList();
  }

  /**
   * The directory that holds a data set: this one, or the only one below it that does, where an
   * archive was unpacked.
   *
   * @throws DataException if several do
   */
  static Optional<Path> holder(Path directory, Predicate<Path> holds) {
    return holder(directory, holds, DEPTH);
  }

  private static Optional<Path> holder(Path directory, Predicate<Path> holds, int depth) {
    if (holds.test(directory)) {
      return Optional.of(directory);
    }
    if (depth == 0) {
      return Optional.empty();
    }
    List<Path> inside =
        directories(directory).stream()
            .filter(Files::isReadable)
            .flatMap(inner -> holder(inner, holds, depth - 1).stream())
            .toList();
    if (inside.size() > 1) {
      throw new DataException(
          "%s: holds several data sets, %s; name one of them".formatted(directory, inside));
    }
    return inside.stream().findFirst();
  }
}
