package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Descriptor;

/**
 * A stage that changes neither shape nor layout, so that one gradient may lie where another did.
 */
abstract class SameLayoutStage implements Stage {
  private final Descriptor layout;

  SameLayoutStage(Descriptor layout) {
    this.layout = layout;
  }

  @Override
  public final Descriptor output() {
    return layout;
  }

  @Override
  public final boolean reusesGradient() {
    return true;
  }
}
