package belay.error;

/** Wrong usage or configuration; the message names every problem and where it stands. */
public class ConfigurationException extends BelayException {
  private static final long serialVersionUID = 1;

  public ConfigurationException(String message) {
    this(message, null);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(ExitCode.USAGE, message, cause);
  }
}
