package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.net.Parameter;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the gradient of each parameter lies, and in which layout, in a buffer of the gradients of
 * all. The graphs of a plan share one, so that what they find can be added.
 */
public final class GradientLayout {
  private final Map<Parameter, Place> places = new HashMap<>();
  private long bytes;

  /**
   * Place of one parameter.
   *
   * @param offset in bytes
   */
  public record Place(long offset, Descriptor layout) {
    /** What a buffer of all gradients holds there. */
    Buffer in(Buffer gradients) {
      return gradients.slice(offset, layout.bytes());
    }
  }

  /**
   * @param wanted layout, which a parameter gets that has no place yet
   */
  Place place(Parameter parameter, Descriptor wanted) {
    return places.computeIfAbsent(
        parameter,
        key -> {
          long offset = bytes;
          bytes += Buffer.aligned(wanted.bytes());
          return new Place(offset, wanted);
        });
  }

  /** Bytes of all gradients so far. */
  public long bytes() {
    return bytes;
  }
}
