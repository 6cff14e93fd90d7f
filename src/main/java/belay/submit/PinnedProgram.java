package belay.submit;

import belay.error.DataException;
import belay.hdf.Sha256;
import belay.run.ThisJar;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A copy of this program that jobs keep: a rebuild, which may rewrite the jar in place under a JVM
 * that has not read all of it, is not theirs.
 *
 * @param jar the copy; this program itself where it is a folder of classes
 * @param sha256 its digest; null for a folder
 */
record PinnedProgram(Path jar, String sha256) {
  private static final int DIGITS = 12; // of the digest, in the name

  /** What {@link #make} makes: writes nothing. */
  static PinnedProgram in(Path directory) {
    Path own = ThisJar.path();
    if (Files.isDirectory(own)) {
      return new PinnedProgram(own, null);
    }
    String digest = ThisJar.digest();
    return new PinnedProgram(
        directory.resolve("belay-" + digest.substring(0, DIGITS) + ".jar"), digest);
  }

  /**
   * Copies this program, unless the copy is there.
   *
   * @throws DataException if it cannot be written, or is being rebuilt right now
   */
  void make() {
    try {
      if (sha256 != null && !isThere()) {
        copy();
      }
    } catch (IOException e) {
      throw DiskProblem.of("write", jar, e);
    }
  }

  private boolean isThere() throws IOException {
    return Ownership.isOwnFile(jar) && Sha256.of(jar).equals(sha256);
  }

  private void copy() throws IOException {
    AtomicFile.create(jar).close();
    Path partial = AtomicFile.partial(jar);
    Files.copy(ThisJar.path(), partial, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-r--r--"));
    if (!Sha256.of(partial).equals(sha256)) {
      Files.delete(partial);
      throw new DataException(ThisJar.path() + " changes while it is copied; submit again");
    }
    AtomicFile.publish(jar);
  }
}
