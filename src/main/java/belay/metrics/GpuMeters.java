package belay.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Memory, temperature, utilisation and power of one GPU as nvidia-smi gives them, which comes with
 * the driver. It stays and prints a line every few seconds: asking anew costs up to a second each
 * time on nodes without persistence mode. Where it is missing there are no such meters.
 */
public final class GpuMeters implements AutoCloseable {
  private static final List<Quantity> QUANTITIES =
      List.of(
          new Quantity("memory.used", "memory.used", "bytes", "Memory in use", GpuMeters::mebi),
          new Quantity("memory.total", "memory.size", "bytes", "Memory", GpuMeters::mebi),
          new Quantity("temperature.gpu", "temperature", "celsius", "Temperature", value -> value),
          new Quantity(
              "utilization.gpu",
              "utilization.ratio",
              null,
              "Share of time in which a kernel ran",
              value -> value / 100),
          new Quantity("power.draw", "power", "watts", "Power", value -> value));

  private record Quantity(
      String query, String name, String unit, String description, DoubleUnaryOperator scale) {}

  private static double mebi(double value) {
    return value * 1048576;
  }

  private final Process process;
  private volatile double[] values = new double[0];

  /**
   * @param uuid of the GPU as nvidia-smi -L writes it
   */
  public GpuMeters(RunMetrics metrics, String uuid, int intervalSeconds) {
    this.process = start(uuid, intervalSeconds);
    if (process == null) {
      return;
    }
    Thread reader = new Thread(this::read, "nvidia-smi");
    reader.setDaemon(true);
    reader.start();
    for (int i = 0; i < QUANTITIES.size(); i++) {
      int index = i;
      Quantity quantity = QUANTITIES.get(i);
      metrics.gauge(
          new RunMetrics.Meter(
              "belay.gpu." + quantity.name(),
              quantity.unit(),
              quantity.description() + " of the GPU"),
          () -> index < values.length ? values[index] : Double.NaN);
    }
  }

  private static Process start(String uuid, int intervalSeconds) {
    String query = String.join(",", QUANTITIES.stream().map(Quantity::query).toList());
    try {
      return new ProcessBuilder(
              "nvidia-smi",
              "--id=" + uuid,
              "--query-gpu=" + query,
              "--format=csv,noheader,nounits",
              "--loop=" + intervalSeconds)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      return null; // not installed
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        values = parse(line);
      }
    } catch (IOException e) {
      values = new double[0]; // ended, as we do
    }
  }

  /**
   * @param line such as "1234, 81559, 41, 97, 310.55"; what the GPU cannot tell is "[N/A]"
   * @return in base units; NaN for what is no number
   */
  static double[] parse(String line) {
    String[] fields = line.split(",");
    double[] values = new double[Math.min(fields.length, QUANTITIES.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(fields[i].strip(), QUANTITIES.get(i).scale());
    }
    return values;
  }

  private static double number(String text, DoubleUnaryOperator scale) {
    return text.matches("[0-9.]+") ? scale.applyAsDouble(Double.parseDouble(text)) : Double.NaN;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroy();
    }
  }
}
