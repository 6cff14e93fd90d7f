package belay.backend.cuda.net;

import belay.backend.Fusions;
import belay.net.Operation;

/** What the kernels of convolutions do besides. */
final class CudaFusions implements Fusions {
  @Override
  public boolean upsamples(Operation.Upsample upsample, Operation.Conv conv) {
    return upsample.factor() == 2 && conv.kernel() == 3;
  }

  @Override
  public boolean pools(Operation.MaxPool pool, boolean upsampled) {
    return pool.window().kernel() == 2 && !upsampled;
  }
}
