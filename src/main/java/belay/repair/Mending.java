package belay.repair;

import belay.error.StoppedException;
import belay.repair.Finding.Fate;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One look at a run: what was found, and the only hand that changes something. */
final class Mending {
  private final boolean isDry;
  private final BooleanSupplier stop;
  private final Consumer<Finding> told;
  private final Set<Path> gone = new HashSet<>(); // set aside, or about to be
  private Fence fence = Fence.NONE;

  /**
   * @param isDry whether nothing is to be changed
   * @param told of each finding at once
   * @param stop asked between two files
   */
  Mending(boolean isDry, Consumer<Finding> told, BooleanSupplier stop) {
    this.isDry = isDry;
    this.told = told;
    this.stop = stop;
  }

  /** A change of the run. */
  interface Change {
    void make() throws IOException;
  }

  boolean isDry() {
    return isDry;
  }

  /** Asked before each change from now on. */
  void guard(Fence lease) {
    fence = lease;
  }

  /** Whether something bears the name and is not about to lose it. */
  boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !gone.contains(file);
  }

  /** Only the user can mend it. */
  void leave(Path file, String problem, String advice) {
    told.accept(new Finding(file, problem, advice, Fate.LEFT));
  }

  /**
   * Mends something, and says so.
   *
   * @param remedy what the change does: "rewritten from the files"
   */
  void mend(Path file, String problem, String remedy, Change change) {
    if (isDry) {
      told.accept(new Finding(file, problem, remedy, Fate.MENDABLE));
      return;
    }
    if (stop.getAsBoolean()) {
      throw new StoppedException("Stopped before mending " + file + ".");
    }
    try {
      fence.check();
      change.make();
      told.accept(new Finding(file, problem, remedy, Fate.MENDED));
    } catch (IOException e) {
      leave(file, problem, "cannot be mended: " + DiskProblem.reason(e));
    }
  }

  /**
   * Renames what nobody can use.
   *
   * @param hint what brings a whole one, may be empty
   */
  void setAside(Path file, String problem, String hint) {
    String remedy = "set aside as " + AtomicFile.aside(file).getFileName();
    gone.add(file);
    mend(
        file,
        problem,
        hint.isEmpty() ? remedy : remedy + "; " + hint,
        () -> AtomicFile.setAside(file));
  }

  /** What a message says of a file, without its name in front. */
  static String problem(Path file, Exception e) {
    String text = String.valueOf(e.getMessage());
    return text.startsWith(file + ": ") ? text.substring(file.toString().length() + 2) : text;
  }
}
