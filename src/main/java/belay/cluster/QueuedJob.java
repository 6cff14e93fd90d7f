package belay.cluster;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A job of this user that a scheduler has, whoever submitted it.
 *
 * @param job the id
 * @param word as in {@link JobState}
 * @param directory that it was submitted in
 * @param command its words, joined by blanks
 */
public record QueuedJob(String job, String word, String directory, String command) {

  /** Whether its command names a run directory, as those of the job files do. */
  public boolean names(Path run) {
    return (" " + command + " ").contains(" " + run + " ")
        || Arrays.stream(command.split(" ")).anyMatch(text -> isPath(text, run));
  }

  private boolean isPath(String text, Path run) {
    try {
      return !text.isEmpty() && Path.of(directory).resolve(text).normalize().equals(run);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
