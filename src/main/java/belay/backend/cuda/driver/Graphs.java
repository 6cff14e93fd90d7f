package belay.backend.cuda.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** One captured graph for each size of minibatch: an epoch has two, its usual and its last. */
public final class Graphs implements AutoCloseable {
  private static final int MOST = 8;

  private final CUstream stream;
  private final CUstream side;
  private final IntFunction<Tape> record;
  private final Map<Integer, CUgraphExec> graphs = new LinkedHashMap<>();

  /**
   * @param side a second stream for what may overlap
   * @param record the launches for so many images
   */
  public Graphs(CUstream stream, CUstream side, IntFunction<Tape> record) {
    this.stream = stream;
    this.side = side;
    this.record = record;
  }

  /** Queues the work for so many images. */
  public void launch(int count) {
    CUgraphExec graph = graphs.get(count);
    if (graph == null) {
      if (graphs.size() == MOST) {
        close();
      }
      graph = record.apply(count).capture(stream, side);
      graphs.put(count, graph);
    }
    CudaError.check(JCudaDriver.cuGraphLaunch(graph, stream), "queue work");
  }

  @Override
  public void close() {
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "wait for the GPU");
    graphs.values().forEach(JCudaDriver::cuGraphExecDestroy);
    graphs.clear();
  }
}
