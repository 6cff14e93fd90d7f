package belay.data;

import belay.error.DataException;
import belay.storage.PlainFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The file of class names: one a line, in the order of the labels. */
public final class ClassNames {
  private static final Logger LOG = System.getLogger("belay.data");
  private static final int MAX_BYTES = 1 << 16;

  private ClassNames() {}

  /**
   * Reads the names, or makes "0", "1", ... where there is no file.
   *
   * @param home the directory that holds the file
   * @throws DataException if the file is no list of as many names as there are classes
   */
  static List<String> read(Path home, CifarLayout layout) {
    int classes = layout.format().classes();
    if (layout.namesFile().isEmpty()) {
      return numbers(classes);
    }
    Path file = home.resolve(layout.namesFile());
    if (Files.notExists(file)) {
      LOG.log(Level.WARNING, "class-names=0..{0} missing={1}", classes - 1, file);
      return numbers(classes);
    }
    List<String> names = read(file);
    if (names.size() != classes) {
      throw new DataException(
          "%s: has %d names, expected one for each of data.classes = %d classes"
              .formatted(file, names.size(), classes));
    }
    return names;
  }

  /** The names of a file that may be missing. */
  static Optional<List<String>> find(Path home, String name) {
    Path file = home.resolve(name);
    return name.isEmpty() || Files.notExists(file) ? Optional.empty() : Optional.of(read(file));
  }

  /**
   * Reads all names of a file.
   *
   * @throws DataException if it is no list of names
   */
  public static List<String> read(Path file) {
    List<String> names = withoutBlankEnd(lines(file));
    for (int i = 0; i < names.size(); i++) {
      check(file, i + 1, names.get(i));
    }
    return names;
  }

  /** "0", "1", ... for classes without names. */
  public static List<String> numbers(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  private static List<String> lines(Path file) {
    try {
      CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder(); // which reports what is none
      ByteBuffer bytes = ByteBuffer.wrap(PlainFile.read(file, MAX_BYTES));
      return utf8.decode(bytes).toString().lines().toList();
    } catch (IOException e) {
      throw new DataException(
          "%s: cannot be read as a text of class names: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static List<String> withoutBlankEnd(List<String> lines) {
    List<String> names = new ArrayList<>(lines);
    names.replaceAll(String::strip);
    while (!names.isEmpty() && names.get(names.size() - 1).isEmpty()) {
      names.remove(names.size() - 1);
    }
    return names;
  }

  private static void check(Path file, int line, String name) {
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw new DataException(
          "%s:%d: %s, expected the name of a class"
              .formatted(file, line, name.isEmpty() ? "blank" : "has a control character"));
    }
  }
}
