package belay.storage;

import belay.error.DataException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns a failed file operation into one line that says what failed, why, and what to do. */
public final class DiskProblem {
  private DiskProblem() {}

  /**
   * @param doing what was tried, to stand before the path: "create the run directory"
   */
  public static DataException of(String doing, Path path, IOException problem) {
    String reason = reason(problem);
    return new DataException(
        "Cannot " + doing + " " + path + ": " + reason + advice(reason), problem);
  }

  /** The system's own words, without the path that Java puts in front of them. */
  public static String reason(IOException problem) {
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (problem instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (problem instanceof NotDirectoryException || problem instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    String text =
        problem instanceof FileSystemException named ? named.getReason() : problem.getMessage();
    return text == null ? problem.getClass().getSimpleName() : text;
  }

  private static String advice(String reason) {
    String low = reason.toLowerCase(Locale.ROOT);
    if (low.contains("no space") || low.contains("quota")) {
      return ". Free some space, or use a directory on another file system.";
    }
    if (low.contains("read-only")) {
      return ". Use a directory on a file system that this host may write to.";
    }
    return low.contains("permission") ? ". Use a directory of your own." : ".";
  }
}
