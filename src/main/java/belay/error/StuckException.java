package belay.error;

/** Attempt after attempt has brought the run no further; the message says what to do. */
public final class StuckException extends BelayException {
  private static final long serialVersionUID = 1;

  public StuckException(String message) {
    super(ExitCode.STUCK, message, null);
  }
}
