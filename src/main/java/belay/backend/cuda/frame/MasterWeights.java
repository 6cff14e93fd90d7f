package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Statistic;
import java.util.Arrays;
import jcuda.Pointer;

/**
 * A network's weights in fp32. Statistics lie apart from the parameters, whose end an update rounds
 * up to whole accesses of 16 bytes.
 */
public final class MasterWeights {
  private final int parameterCount;
  private final int statisticCount;
  private final Arena.Slice parameters;
  private final Arena.Slice statistics;
  private final Arena.Slice ones;

  MasterWeights(Program program, Arena arena) {
    this.parameterCount = program.parameterCount();
    this.statisticCount = program.weightCount() - parameterCount;
    this.parameters = arena.reserve(4L * padded());
    this.statistics = arena.reserve(4L * statisticCount);
    this.ones = arena.reserve(0);
  }

  /** Values that are 1, as many as a stage has asked for: scales that nobody trains. */
  public Arena.Slice ones() {
    return ones;
  }

  /** The parameters' number as updates see it. */
  int padded() {
    return (parameterCount + 3) / 4 * 4;
  }

  Arena.Slice parameters() {
    return parameters;
  }

  Address address(Parameter parameter) {
    return parameters.at(parameter.offset());
  }

  Address address(Statistic statistic) {
    return statistics.at(statistic.offset() - parameterCount);
  }

  /**
   * @param weights parameters, then statistics
   */
  public void upload(float[] weights) {
    parameters.clear();
    parameters.upload(Pointer.to(weights), 4L * parameterCount);
    if (statisticCount > 0) {
      float[] behind = Arrays.copyOfRange(weights, parameterCount, weights.length);
      statistics.upload(Pointer.to(behind), 4L * statisticCount);
    }
    if (ones.bytes() > 0) {
      float[] scales = new float[(int) ones.bytes() / Float.BYTES];
      Arrays.fill(scales, 1);
      ones.upload(Pointer.to(scales), ones.bytes());
    }
  }

  public float[] download() {
    float[] weights = new float[parameterCount + statisticCount];
    parameters.download(Pointer.to(weights), 4L * parameterCount);
    if (statisticCount > 0) {
      float[] behind = new float[statisticCount];
      statistics.download(Pointer.to(behind), 4L * statisticCount);
      System.arraycopy(behind, 0, weights, parameterCount, statisticCount);
    }
    return weights;
  }
}
