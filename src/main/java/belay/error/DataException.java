package belay.error;

/** A file is missing, damaged, or does not fit; the message names file, place and expectation. */
public final class DataException extends BelayException {
  private static final long serialVersionUID = 1;

  public DataException(String message) {
    this(message, null);
  }

  public DataException(String message, Throwable cause) {
    super(ExitCode.DATA, message, cause);
  }
}
