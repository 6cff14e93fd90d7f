package belay.backend.onednn;

import belay.backend.fusion.Fusions;
import belay.net.Operation;
import belay.net.Window;

/** What the stage of a convolution does besides. */
final class OnednnFusions implements Fusions {
  private static final Window TAPS = new Window(3, 1, 1);

  @Override
  public boolean upsamples(Operation.Upsample upsample, Operation.Conv conv) {
    return upsample.factor() == 2 && conv.window().equals(TAPS);
  }

  @Override
  public boolean pools(Operation.MaxPool pool, boolean upsampled) {
    return true;
  }

  @Override
  public boolean normalizesAndAdds() {
    return false;
  }

  @Override
  public boolean normalizesAndRectifies() {
    return false;
  }
}
