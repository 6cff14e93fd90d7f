package belay.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Who decides what lies at a path. What a user's jobs run must lie where nobody else can put
 * something in its place, as ssh and sudo want it of what they read: not in the directory, and not
 * by another name for a directory above it.
 */
public final class Ownership {
  private static final int STICKY = 01000;
  private static final int OTHERS_MAY_WRITE = 022; // an access list shows in the group's bits

  private static final Path SELF = Path.of("/proc/self");

  private Ownership() {}

  /**
   * Why others than this user and root could put a file into a directory, or another directory in
   * its place; empty if they cannot.
   *
   * @param directory if it does not exist, the nearest one above it that does is looked at
   */
  public static Optional<String> weakness(Path directory) throws IOException {
    Path whole = directory.toAbsolutePath();
    Path real = existing(whole).toRealPath();
    boolean isThere = Files.exists(whole);
    int user = user();
    for (Path place = real; place != null; place = place.getParent()) {
      // Where others may only add names, ours stay ours: but nobody adds to what we use.
      boolean mayBeSticky = !isThere || !place.equals(real);
      Optional<String> weakness = weakness(place, user, mayBeSticky);
      if (weakness.isPresent()) {
        return weakness;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> weakness(Path place, int user, boolean mayBeSticky)
      throws IOException {
    Map<String, Object> facts = attributes(place);
    int owner = (int) facts.get("uid");
    int mode = (int) facts.get("mode");
    if (owner != user && owner != 0) {
      return Optional.of(place + " belongs to somebody else");
    }
    boolean isOpen = (mode & OTHERS_MAY_WRITE) != 0;
    return isOpen && !(mayBeSticky && (mode & STICKY) != 0)
        ? Optional.of(place + " may be written by others")
        : Optional.empty();
  }

  /** Whether this is a regular file of this user that nobody else may change. */
  public static boolean isOwnFile(Path file) throws IOException {
    try {
      Map<String, Object> facts = attributes(file);
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && (int) facts.get("uid") == user()
          && ((int) facts.get("mode") & OTHERS_MAY_WRITE) == 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
  }

  private static int user() throws IOException {
    return (int) Files.getAttribute(SELF, "unix:uid");
  }

  private static Path existing(Path path) {
    Path there = path;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }
}
