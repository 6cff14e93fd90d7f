package belay.repair;

import belay.log.Printable;
import java.nio.file.Path;

/**
 * Something that is broken in a run directory.
 *
 * @param problem to stand after the file's name: "is no lease"
 * @param remedy what was done, would be done, or is left to do
 */
public record Finding(Path file, String problem, String remedy, Fate fate) {
  /** What becomes of it. */
  public enum Fate {
    MENDED("mended"),
    /** Nothing was to be changed. */
    MENDABLE("can mend"),
    /** Only its user knows what is right. */
    LEFT("by hand");

    private final String word;

    Fate(String word) {
      this.word = word;
    }
  }

  /** A line for people. */
  @Override
  public String toString() {
    return Printable.line("%-8s  %s %s: %s".formatted(fate.word, file, problem, remedy));
  }
}
