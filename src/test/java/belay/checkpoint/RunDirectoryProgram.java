package belay.checkpoint;

import belay.error.BelayException;
import java.nio.file.Path;

/** Creates a run directory and takes its lease; prints "done" or the error. */
final class RunDirectoryProgram {
  private RunDirectoryProgram() {}

  public static void main(String[] arguments) {
    try {
      Path run = RunDirectory.create(Path.of(arguments[0])).path();
      RunLease.acquire(run, "train", RunLease.Timing.USUAL, () -> false).close();
      System.out.println("done");
    } catch (BelayException e) {
      System.out.println(e.getMessage());
    }
  }
}
