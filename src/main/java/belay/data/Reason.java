package belay.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why the file system refused something. */
final class Reason {
  private Reason() {}

  static String of(IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (problem instanceof AccessDeniedException) {
      return "permission denied; ask its owner for access";
    }
    if (problem instanceof CharacterCodingException) {
      return "it is not text in UTF-8";
    }
    if (problem instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    return oneLine(problem);
  }

  private static String oneLine(IOException problem) {
    String message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }
}
