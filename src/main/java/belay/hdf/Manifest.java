package belay.hdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of everything in a file with its digest; see {@link Content} for its lines. */
final class Manifest {
  static final String PATH = "/manifest";

  private Manifest() {}

  /** By path; the lines of an object's attributes follow its own. */
  static List<String> sorted(List<String> lines) {
    List<String> sorted = new ArrayList<>(lines);
    sorted.sort(Comparator.comparing(Manifest::path));
    return sorted;
  }

  static String sha256(List<String> lines) {
    return Sha256.of(String.join("\n", lines));
  }

  /** SHA-256 by path. */
  static Map<String, String> digests(List<String> lines) {
    Map<String, String> digests = new HashMap<>();
    lines.forEach(line -> digests.put(path(line), line.split(" ", 2)[0]));
    return digests;
  }

  /** The first path, if any, at which two sorted lists of lines differ. */
  static Optional<String> difference(List<String> listed, List<String> found) {
    int same = 0;
    while (same < listed.size()
        && same < found.size()
        && listed.get(same).equals(found.get(same))) {
      same++;
    }
    return Stream.concat(listed.stream().skip(same).limit(1), found.stream().skip(same).limit(1))
        .map(Manifest::path)
        .min(Comparator.naturalOrder());
  }

  /** Path of the object or attribute that a line speaks of. */
  static String path(String line) {
    return line.substring(Math.max(0, line.indexOf('/')));
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
