package belay.error;

/** A device or backend cannot be used; the message says what is missing and what to do. */
public sealed class DeviceException extends BelayException permits UnsupportedDeviceException {
  private static final long serialVersionUID = 1;

  public DeviceException(String message) {
    this(message, null);
  }

  public DeviceException(String message, Throwable cause) {
    super(ExitCode.DEVICE, message, cause);
  }

  /** What a user can do about memory that Java could not get. */
  public static DeviceException heapIsTooSmall(OutOfMemoryError problem) {
    return new DeviceException(
        "The Java heap of %,d MiB is too small for this (%s): start java with a larger -Xmx"
            .formatted(Runtime.getRuntime().maxMemory() >> 20, problem.getMessage()),
        problem);
  }
}
