package belay.backend.onednn;

import belay.backend.Fusions;
import belay.net.Operation;

/** What a {@link ConvStage} does besides. */
final class OnednnFusions implements Fusions {
  @Override
  public boolean upsamples(Operation.Upsample upsample, Operation.Conv conv) {
    return upsample.factor() == 2 && conv.kernel() == 3;
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
