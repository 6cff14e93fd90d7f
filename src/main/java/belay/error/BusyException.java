package belay.error;

/** The run belongs to another process; the message names that process and what to do. */
public final class BusyException extends BelayException {
  private static final long serialVersionUID = 1;

  public BusyException(String message) {
    super(ExitCode.BUSY, message, null);
  }
}
