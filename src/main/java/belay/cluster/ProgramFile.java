package belay.cluster;

import belay.error.ConfigurationException;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Scripts as files that can be executed from the moment they have their name. */
public final class ProgramFile {
  private ProgramFile() {}

  /**
   * @param isSecret whether others must not read it
   */
  static void write(Path file, String text, boolean isSecret) throws IOException {
    AtomicFile.create(file).close();
    Path partial = AtomicFile.partial(file);
    Files.setPosixFilePermissions(
        partial, PosixFilePermissions.fromString(isSecret ? "rwx------" : "rwxr-xr-x"));
    Files.writeString(partial, text);
    AtomicFile.publish(file);
  }

  /**
   * Puts a script of this jar into a directory, where jobs keep it even when the jar's neighbours
   * change.
   *
   * @param name of the file in jobs
   * @return the file
   * @throws belay.error.DataException if it cannot be written
   */
  public static Path pin(String name, Path directory) {
    Path file = directory.resolve(name);
    try {
      write(file, inJar(name), false);
      return file;
    } catch (IOException e) {
      throw DiskProblem.of("write", file, e);
    }
  }

  /** The text of a script of this jar. */
  static String inJar(String name) throws IOException {
    try (InputStream in = ProgramFile.class.getResourceAsStream("/jobs/" + name)) {
      if (in == null) {
        throw new ConfigurationException("This jar was built without jobs/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
