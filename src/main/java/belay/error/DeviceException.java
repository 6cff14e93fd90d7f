package belay.error;

/** A device or backend cannot be used; the message says what is missing and what to do. */
public final class DeviceException extends BelayException {
  private static final long serialVersionUID = 1;

  public DeviceException(String message) {
    this(message, null);
  }

  public DeviceException(String message, Throwable cause) {
    super(ExitCode.DEVICE, message, cause);
  }
}
