package belay.data.picture;

import belay.error.BelayException;
import belay.error.ExitCode;

/**
 * A picture that this process cannot read now, for want of a right, a disk or a reader: nothing is
 * known of its content, which may be whole.
 */
public final class UnreadPictureException extends BelayException {
  private static final long serialVersionUID = 1;

  UnreadPictureException(String message, Throwable cause) {
    super(ExitCode.DATA, message, cause);
  }
}
