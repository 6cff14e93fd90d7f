package belay.data;

import java.io.IOException;

/** A server or an archive that would not change its mind at another attempt. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1;

  Refusal(String message) {
    super(message);
  }
}
