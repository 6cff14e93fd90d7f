package belay.error;

/**
 * The device is sound, and what is asked of it does not suit it: kernels that this jar lacks, or
 * keys. On another node it would be the same.
 */
public final class UnsupportedDeviceException extends DeviceException {
  private static final long serialVersionUID = 1;

  public UnsupportedDeviceException(String message) {
    super(message);
  }

  public UnsupportedDeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
