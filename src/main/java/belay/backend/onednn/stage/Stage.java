package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Tape;
import java.util.List;
import java.util.Optional;

/** A compiled piece of a network. */
public interface Stage {
  /** Layout of the value that it defines. */
  Descriptor output();

  /** Whether y lies [N, H / 2, W / 2, row phase, column phase, C], not as an image. */
  default boolean leavesPhases() {
    return false;
  }

  /** Whether the gradient of an input may lie where that of the output did. */
  default boolean reusesGradient() {
    return false;
  }

  /** Its parameters, if it has any. */
  default Optional<Weights> weights() {
    return Optional.empty();
  }

  /** Appends its passes to a tape that has begun a stage for it. */
  void bind(Tape tape, Site site);

  /** What runs, for people who look for slow implementations. */
  String describe();

  /**
   * Memory that a stage shares with its neighbours.
   *
   * @param inputs the values that it reads
   * @param y output
   * @param gradients of the inputs, which the stage is to write; null where nobody asks for one
   * @param dy gradient of y, which the stage may overwrite; null where no backward pass comes
   * @param host what Java does besides
   */
  public record Site(
      List<Buffer> inputs, Buffer y, List<Buffer> gradients, Buffer dy, HostWork host) {
    /** The first input. */
    Buffer x() {
      return inputs.get(0);
    }

    /** Gradient of the first input to compute, or null. */
    Buffer dx() {
      return gradients.get(0);
    }
  }
}
