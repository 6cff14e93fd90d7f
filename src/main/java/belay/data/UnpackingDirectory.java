package belay.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A hidden directory beside the place where its content belongs, on the same file system. */
final class UnpackingDirectory {
  private final Path home;
  private final Path path;

  /**
   * @param home where the content belongs
   */
  UnpackingDirectory(Path home) {
    this.home = home;
    this.path = home.resolve(".unpacking");
  }

  Path path() {
    return path;
  }

  /** Makes the directory, without whatever a killed attempt left in it. */
  void begin() throws IOException {
    delete();
    Files.createDirectories(path);
  }

  /** Renames everything to where it belongs, over what is there. */
  void publish() throws IOException {
    for (Path entry : list(path)) {
      move(entry, home.resolve(entry.getFileName()));
    }
  }

  void delete() throws IOException {
    if (Files.notExists(path)) {
      return;
    }
    List<Path> entries;
    try (Stream<Path> tree = Files.walk(path)) {
      entries = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : entries) {
      Files.delete(entry);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.isDirectory(from) && Files.isDirectory(to)) {
      for (Path entry : list(from)) {
        move(entry, to.resolve(entry.getFileName()));
      }
    } else {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }
}
