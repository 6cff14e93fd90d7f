package belay.error;

/** A stop signal was heard and the state is safe on disk; the same command continues from there. */
public final class StoppedException extends BelayException {
  private static final long serialVersionUID = 1;

  public StoppedException(String message) {
    super(ExitCode.RESUBMIT, message, null);
  }
}
