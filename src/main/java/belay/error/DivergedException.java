package belay.error;

/** A training whose numbers are none any more: other keys may mend it. */
public final class DivergedException extends ConfigurationException {
  private static final long serialVersionUID = 1;

  public DivergedException(String message) {
    super(message);
  }
}
