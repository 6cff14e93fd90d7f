package belay.backend.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Two streams while a graph is captured: what runs aside waits for all that came before it on the
 * main line, and the main line waits for it only at a join. So the graph knows which kernels may
 * overlap: small minibatches leave room beside most of them.
 */
final class Lanes implements AutoCloseable {
  private final CUstream main;
  private final CUstream side;
  private final List<CUevent> events = new ArrayList<>();
  private boolean mainIsAhead = true;
  private boolean sideIsAhead;

  Lanes(CUstream main, CUstream side) {
    this.main = main;
    this.side = side;
  }

  CUstream main() {
    mainIsAhead = true;
    return main;
  }

  CUstream side() {
    if (mainIsAhead) {
      order(main, side);
      mainIsAhead = false;
    }
    sideIsAhead = true;
    return side;
  }

  void join() {
    if (sideIsAhead) {
      order(side, main);
      sideIsAhead = false;
      mainIsAhead = true;
    }
  }

  private void order(CUstream before, CUstream after) {
    CUevent event = new CUevent();
    CudaError.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
    events.add(event);
    CudaError.check(JCudaDriver.cuEventRecord(event, before), "order work");
    CudaError.check(JCudaDriver.cuStreamWaitEvent(after, event, 0), "order work");
  }

  @Override
  public void close() {
    events.forEach(JCudaDriver::cuEventDestroy);
  }
}
