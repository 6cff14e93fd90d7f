package belay.backend.cuda.stage;

import belay.backend.fusion.Fusions;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Window;

/** What the kernels of convolutions do besides. */
record CudaFusions(Program program) implements Fusions {
  @Override
  public boolean upsamples(Operation.Upsample upsample, Operation.Conv conv) {
    return upsample.factor() == 2 && conv.kernel() == 3 && conv.window().keepsSize();
  }

  @Override
  public boolean normalizesAndAdds() {
    return true;
  }

  @Override
  public boolean normalizesAndRectifies() {
    return true;
  }

  @Override
  public boolean pools(Operation.MaxPool pool, boolean upsampled) {
    Shape in = program.shape(pool.input());
    boolean even = in.height() % 2 == 0 && in.width() % 2 == 0;
    return pool.window().equals(new Window(2, 2, 0)) && even && !upsampled;
  }
}
