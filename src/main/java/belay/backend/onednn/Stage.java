package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Tape;

/** A compiled piece of a network. */
interface Stage {
  /** Layout that it reads. */
  Descriptor input();

  /** Layout that it writes. */
  Descriptor output();

  /** Whether y lies [N, H / 2, W / 2, row phase, column phase, C], as {@link Loss#phases} wants. */
  default boolean leavesPhases() {
    return false;
  }

  /** Appends its passes to a tape. */
  void bind(Tape tape, Site site);

  /** What runs, for people who look for slow implementations. */
  String describe();

  /**
   * Memory that a stage shares with its neighbours.
   *
   * @param x input
   * @param y output
   * @param dx gradient of x to compute, or null where nobody asks for it
   * @param dy gradient of y, which the stage may overwrite; null where no backward pass comes
   */
  record Site(Buffer x, Buffer y, Buffer dx, Buffer dy) {}
}
