package belay.view;

import java.util.Locale;

/** How an attempt ended, if it did, and where a run or a stage stands. */
public enum Outcome {
  RUNNING("running"),
  DONE("done"),
  STOPPED("stopped"),
  KILLED("killed"),
  FAILED("failed"),
  /** Of a stage whose file was made of what the stage before has replaced since. */
  OUTDATED("outdated"),
  NEW("not begun");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** For people, and the style's class. */
  @Override
  public String toString() {
    return word;
  }

  /** Whether something from outside ended it: the next attempt goes on where it was. */
  public boolean isInterruption() {
    return this == STOPPED || this == KILLED;
  }

  public String style() {
    return name().toLowerCase(Locale.ROOT);
  }
}
