package belay.storage;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Something bears the name of a file, and is no such file: a link, a pipe, or far too large. */
public final class UnfitFileException extends FileSystemException {
  private static final long serialVersionUID = 1;

  /**
   * @param what to stand after the file's name: "is a symbolic link, expected a regular file"
   */
  UnfitFileException(Path file, String what) {
    super(file.toString(), null, String.valueOf(file.getFileName()) + " " + what);
  }
}
