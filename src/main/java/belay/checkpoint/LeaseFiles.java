package belay.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import belay.error.DataException;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbered leases of a run: lease-1.json, lease-2.json ... The highest number is the present or
 * latest owner. A number is created once and never again, so the only decision that processes race
 * for is one exclusive creation, which every shared file system offers without locks.
 */
final class LeaseFiles {
  private static final Pattern NAME = Pattern.compile("lease-([1-9][0-9]{0,8})\\.json");
  private static final int LAST = 999_999_999;
  private static final String DRAFT = ".lease-";

  private final Path run;

  /** What an owner finds where it has left its lease. */
  enum Standing {
    OURS,
    /** Not there, or nobody's, which a network file system may say for a moment. */
    MISSING,
    /** Another process has the run. */
    LOST
  }

  LeaseFiles(Path run) {
    this.run = run;
  }

  Path path(int number) {
    return run.resolve("lease-" + number + ".json");
  }

  /** The highest number, 0 if there is none. */
  int highest() throws IOException {
    return list("lease-*.json").stream().mapToInt(LeaseFiles::number).max().orElse(0);
  }

  /** All numbers, highest first. */
  List<Integer> numbers() throws IOException {
    return list("lease-*.json").stream()
        .map(LeaseFiles::number)
        .filter(number -> number > 0)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** What {@link #deleteBelow} would delete. */
  List<Path> leftBelow(int number) throws IOException {
    List<Path> left = new ArrayList<>(list(DRAFT + "*"));
    for (Path lease : list("lease-*.json")) {
      if (number(lease) < number && !Files.isDirectory(lease, LinkOption.NOFOLLOW_LINKS)) {
        left.add(lease);
      }
    }
    return left;
  }

  /** Whether no lease can follow that one. */
  static boolean isLast(int number) {
    return number == LAST;
  }

  /**
   * The number after the highest.
   *
   * @throws DataException if there is none: nobody gets there by taking turns
   */
  int next(int highest) {
    if (highest == LAST) {
      throw new DataException(
          "%s bears the last number that a lease can have. If no process works on the run, delete it, or let belay repair %s set it aside."
              .formatted(path(highest), run));
    }
    return highest + 1;
  }

  /**
   * The content as it is; empty if there is no such lease.
   *
   * @throws UnfitFileException if something else bears its name
   */
  Optional<String> read(int number) throws IOException {
    try {
      // Opening asks a network file system for the present content, where attributes may be cached.
      return Optional.of(new String(PlainFile.readOwn(path(number), PlainFile.SMALL), UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Creates the lease, whole from its first moment.
   *
   * @return whether this call created it; false if somebody else was first
   */
  boolean create(int number, String token, String text) throws IOException {
    Path draft = run.resolve(DRAFT + token);
    try {
      Files.writeString(draft, text, StandardOpenOption.CREATE_NEW);
      return link(draft, number, token, text);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private boolean link(Path draft, int number, String token, String text) throws IOException {
    try {
      Files.createLink(path(number), draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      // NFS may answer the repetition of a request whose first answer was lost.
      return standing(number, token) == Standing.OURS;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      return createInPlace(number, text);
    }
  }

  /** Where there are no hard links: others may see it empty for a moment, and then look again. */
  boolean createInPlace(int number, String text) throws IOException {
    try {
      Files.writeString(path(number), text, StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** How the owner of a lease stands, who gave it the token. */
  Standing standing(int number, String token) throws IOException {
    try {
      Optional<String> text = read(number);
      // Not parsed: the heartbeat may be in the middle of rewriting what follows the token.
      boolean isOurs = text.filter(lease -> lease.contains(token)).isPresent();
      if (highest() > number || !isOurs && text.flatMap(Lease::parse).isPresent()) {
        return Standing.LOST;
      }
      return isOurs ? Standing.OURS : Standing.MISSING;
    } catch (NoSuchFileException e) {
      return Standing.MISSING; // the directory too
    }
  }

  /** For rewriting: bound to this very file, so that it cannot touch a successor's lease. */
  FileChannel open(int number) throws IOException {
    return PlainFile.changeFresh(path(number));
  }

  void delete(int number) throws IOException {
    Files.deleteIfExists(path(number));
  }

  /**
   * Deletes the leases of earlier owners, by which those who still live notice, and the drafts of
   * processes that were killed.
   */
  void deleteBelow(int number) throws IOException {
    for (Path left : leftBelow(number)) {
      Files.deleteIfExists(left);
    }
  }

  private List<Path> list(String pattern) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(run, pattern)) {
      List<Path> list = new ArrayList<>();
      files.forEach(list::add);
      return list;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static int number(Path lease) {
    Matcher name = NAME.matcher(lease.getFileName().toString());
    return name.matches() ? Integer.parseInt(name.group(1)) : 0;
  }
}
