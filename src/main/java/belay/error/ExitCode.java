package belay.error;

/** What a belay process tells its caller when it ends; the only place that defines the codes. */
public enum ExitCode {
  DONE(0, "the work is complete"),
  INTERNAL(1, "an error inside belay; please report it with the log"),
  USAGE(2, "wrong usage or configuration"),
  DATA(3, "a file is missing, damaged or does not fit"),
  DEVICE(4, "the requested device or backend is not usable"),
  STUCK(5, "too many attempts brought the run no further: look at its log before the next one"),
  SCHEDULER(6, "a command of the scheduler failed"),
  BUSY(7, "another process owns the run"),
  DIFFERENT(8, "the files that were compared are not equal"),
  RESUBMIT(99, "stopped by a signal, nothing is lost: submit the same command again");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }
}
