package belay.error;

/**
 * A problem that a user can understand and act on: its message is printed alone, without a stack
 * trace, and its exit code ends the process.
 */
public abstract class BelayException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  protected BelayException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
