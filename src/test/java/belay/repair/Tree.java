package belay.repair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every name, kind, time and byte below a directory. */
final class Tree {
  private Tree() {}

  static List<String> of(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.sorted().toList();
    }
    for (Path path : paths) {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      int bytes = found.isRegularFile() ? Arrays.hashCode(Files.readAllBytes(path)) : 0;
      lines.add("%s %s %s %x".formatted(path, found.fileKey(), found.lastModifiedTime(), bytes));
    }
    return lines;
  }
}
