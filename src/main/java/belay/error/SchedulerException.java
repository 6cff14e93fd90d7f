package belay.error;

/** A command of the scheduler failed; the message tells which, and what it said. */
public final class SchedulerException extends BelayException {
  private static final long serialVersionUID = 1;

  public SchedulerException(String message) {
    super(ExitCode.SCHEDULER, message, null);
  }
}
