package belay.backend.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** A sequence of kernel launches, recorded once, then run one by one or captured into a graph. */
public final class Tape {
  private final Loader loader;
  private final int multiprocessors;
  private final List<Launch> launches = new ArrayList<>();
  private boolean aside;
  private boolean joins;
  private String layer;
  private String pass;

  /**
   * One kernel with its arguments.
   *
   * @param layer that it works for; null where that is all
   * @param pass forward, backward or update; null for what is neither
   * @param aside whether it may overlap what follows it on the main line
   * @param joins whether it needs all that ran aside
   * @param operations floating-point operations, for benchmarks; 0 where memory is what costs
   */
  public record Launch(
      String name,
      String layer,
      String pass,
      CUfunction function,
      int x,
      int y,
      int z,
      int block,
      int shared,
      boolean aside,
      boolean joins,
      long operations,
      Pointer arguments) {
    public void run(CUstream stream) {
      CudaError.check(
          JCudaDriver.cuLaunchKernel(
              function, x, y, z, block, 1, 1, shared, stream, arguments, null),
          "launch " + name);
    }

    private void run(Lanes lanes) {
      if (joins) {
        lanes.join();
      }
      run(aside ? lanes.side() : lanes.main());
    }

    /** A graph of this launch so many times, for benchmarks. */
    public CUgraphExec repeated(int times, CUstream stream) {
      return capture(
          stream,
          () -> {
            for (int i = 0; i < times; i++) {
              run(stream);
            }
          });
    }
  }

  public Tape(Loader loader, int multiprocessors) {
    this.loader = loader;
    this.multiprocessors = multiprocessors;
  }

  /** Says what the launches added from now on are for. */
  public void at(String layer, String pass) {
    this.layer = layer;
    this.pass = pass;
  }

  public List<Launch> launches() {
    return launches;
  }

  /** Adds a launch. */
  public void add(Call call) {
    Call.Grid grid = call.grid(multiprocessors);
    launches.add(
        new Launch(
            call.name(),
            layer,
            pass,
            loader.function(call),
            grid.x(),
            grid.y(),
            grid.z(),
            call.block(),
            call.shared(),
            aside,
            joins,
            call.operations(),
            call.parameters()));
    joins = false;
  }

  /** Copies a table of 64-bit integers that launches read; it is there by now. */
  public void upload(CUdeviceptr to, long[] table) {
    loader.upload(to, table);
  }

  /** Lets the launches that work adds overlap what is added after it, up to the next join. */
  public void aside(Runnable work) {
    aside = true;
    work.run();
    aside = false;
  }

  /** Makes the next launch wait for all that runs aside. */
  public void join() {
    joins = true;
  }

  /** Queues the launches in order. */
  public void run(CUstream stream) {
    launches.forEach(launch -> launch.run(stream));
  }

  /** The launches as one graph: a launch through a graph costs a tenth of one by itself. */
  CUgraphExec capture(CUstream stream, CUstream side) {
    return capture(
        stream,
        () -> {
          try (Lanes lanes = new Lanes(stream, side)) {
            launches.forEach(launch -> launch.run(lanes));
            lanes.join();
          }
        });
  }

  private static CUgraphExec capture(CUstream stream, Runnable work) {
    CUgraph graph = new CUgraph();
    CUgraphExec executable = new CUgraphExec();
    CudaError.check(
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "begin a graph");
    work.run();
    CudaError.check(JCudaDriver.cuStreamEndCapture(stream, graph), "end a graph");
    CudaError.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "make a graph");
    CudaError.check(JCudaDriver.cuGraphDestroy(graph), "drop a graph");
    return executable;
  }
}
