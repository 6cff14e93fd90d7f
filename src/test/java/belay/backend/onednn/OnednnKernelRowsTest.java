package belay.backend.onednn;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.KernelRowsContract;
import org.junit.jupiter.api.AfterAll;

/** Kernel matrices on two threads. */
class OnednnKernelRowsTest extends KernelRowsContract {
  private static final OnednnBackend BACKEND = new OnednnBackend(2);

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  @Override
  protected KernelRows open(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    return BACKEND.kernelRows(left, right, kernel);
  }
}
