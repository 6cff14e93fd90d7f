package belay.backend.cuda.net;

import belay.backend.EncodePlan;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Times of a training step and of its launches by the device's clock. */
public final class StepProfile {
  private static final int WARM_UP = 3;

  /** A launch by itself costs more than a short kernel: so many of it go into one graph. */
  private static final int REPEATS = 10;

  private StepProfile() {}

  /**
   * One launch of a step.
   *
   * @param layer that it works for; null where that is all
   * @param pass forward, backward or update; null for what is neither
   * @param milliseconds median, with its inputs as the cache holds them
   * @param operations floating-point operations; 0 where memory is what costs
   */
  public record Line(
      String kernel, String layer, String pass, double milliseconds, long operations) {
    /** Tera-operations a second. */
    public double rate() {
      return operations / milliseconds / 1e9;
    }
  }

  /**
   * @param plan of a {@link CudaBackend}
   * @param rows the minibatch
   * @return one line for each launch, in order
   */
  public static List<Line> launches(TrainPlan plan, int[] rows, int repetitions) {
    CudaTrainPlan cuda = (CudaTrainPlan) plan;
    cuda.step(rows, new StepScalars(0)); // leaves rows and scalars on the device
    cuda.tally();
    List<Line> lines = new ArrayList<>();
    for (Tape.Launch launch : cuda.recorded(rows.length).launches()) {
      CUgraphExec graph = launch.repeated(REPEATS, cuda.stream());
      double median =
          median(
              cuda.stream(),
              repetitions,
              () -> CudaError.check(JCudaDriver.cuGraphLaunch(graph, cuda.stream()), "queue work"));
      lines.add(
          new Line(
              launch.name(), launch.layer(), launch.pass(), median / REPEATS, launch.operations()));
      JCudaDriver.cuGraphExecDestroy(graph);
    }
    return lines;
  }

  /** Median milliseconds of one launch, timed so many at once. */
  public static double median(Tape.Launch launch, int repeats, CUstream stream, int repetitions) {
    CUgraphExec graph = launch.repeated(repeats, stream);
    double median =
        median(
            stream,
            repetitions,
            () -> CudaError.check(JCudaDriver.cuGraphLaunch(graph, stream), "queue work"));
    JCudaDriver.cuGraphExecDestroy(graph);
    return median / repeats;
  }

  /** Median milliseconds of whole steps, queued one by one as training does. */
  public static double step(TrainPlan plan, int[] rows, int repetitions) {
    CudaTrainPlan cuda = (CudaTrainPlan) plan;
    return median(cuda.stream(), repetitions, () -> cuda.step(rows, new StepScalars(1e-4f)));
  }

  /** Median milliseconds of encoding so many images, without the copy to the host. */
  public static double encoding(EncodePlan plan, int count, int repetitions) {
    CudaEncodePlan cuda = (CudaEncodePlan) plan;
    return median(cuda.stream(), repetitions, () -> cuda.queue(0, count));
  }

  /** Bytes of device memory that a plan has taken. */
  public static long bytes(TrainPlan plan) {
    return ((CudaTrainPlan) plan).bytes();
  }

  private static double median(CUstream stream, int repetitions, Runnable work) {
    CUevent[] events = new CUevent[repetitions + 1];
    for (int i = 0; i < WARM_UP; i++) {
      work.run();
    }
    for (int i = 0; i <= repetitions; i++) {
      events[i] = new CUevent();
      CudaError.check(JCudaDriver.cuEventCreate(events[i], 0), "make an event");
      CudaError.check(JCudaDriver.cuEventRecord(events[i], stream), "queue work");
      if (i < repetitions) {
        work.run();
      }
    }
    CudaError.check(JCudaDriver.cuEventSynchronize(events[repetitions]), "compute");
    double[] times = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      float[] elapsed = new float[1];
      CudaError.check(
          JCudaDriver.cuEventElapsedTime(elapsed, events[i], events[i + 1]), "read the clock");
      times[i] = elapsed[0];
    }
    Arrays.stream(events).forEach(JCudaDriver::cuEventDestroy);
    Arrays.sort(times);
    return times[repetitions / 2];
  }
}
