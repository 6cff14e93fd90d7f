package belay.run;

import belay.backend.Backend;
import belay.checkpoint.CheckpointWriter;
import belay.checkpoint.RunDirectory;
import belay.conf.settings.MetricsSettings;
import belay.conf.settings.Settings;
import belay.console.Logging;
import belay.job.JobContext;
import belay.log.ProgressLine;
import belay.metrics.GpuMeters;
import belay.metrics.Pushgateway;
import belay.metrics.RunLabels;
import belay.metrics.RunMetrics;
import belay.metrics.Textfile;
import belay.storage.Fence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** The metrics of an attempt, where the configuration sends them. */
final class Metering implements AutoCloseable {
  private final RunMetrics metrics;
  private final Progress progress = new Progress();

  private final int intervalSeconds;
  private GpuMeters gpu;

  private Metering(RunMetrics metrics, int intervalSeconds) {
    this.metrics = metrics;
    this.intervalSeconds = intervalSeconds;
    Logging.listen(progress);
    metrics.gauge(
        new RunMetrics.Meter("belay.progress.ratio", null, "Share of the stage that is done"),
        () -> progress.share);
  }

  static Metering start(
      String stage, RunDirectory directory, Fence fence, Settings settings, JobContext job) {
    MetricsSettings metrics = settings.metrics();
    Path name = directory.path().toAbsolutePath().normalize().getFileName();
    RunLabels labels =
        new RunLabels(String.valueOf(name), stage, job.scheduler(), job.jobId().orElse(""));
    List<RunMetrics.Sink> sinks = new ArrayList<>();
    if (!metrics.textfile().isEmpty()) {
      sinks.add(new Textfile(directory.path().resolve(metrics.textfile()), labels, fence));
    }
    metrics.pushgateway().ifPresent(gateway -> sinks.add(new Pushgateway(gateway, labels)));
    return new Metering(
        new RunMetrics(labels, metrics.intervalSeconds(), sinks), metrics.intervalSeconds());
  }

  /** Begins to count what a writer of checkpoints does. */
  void checkpoints(CheckpointWriter writer) {
    counter("writes", null, "Checkpoints written", () -> writer.totals().written());
    counter("write", "seconds", "Time spent on writing them", () -> writer.totals().seconds());
    counter("written", "bytes", "Size of the checkpoints written", () -> writer.totals().bytes());
    counter(
        "failures", null, "Checkpoints that the disk refused", () -> writer.totals().refusals());
    metrics.gauge(
        new RunMetrics.Meter(
            "belay.checkpoint.queue", null, "Checkpoints waiting or being written"),
        writer::queue);
  }

  private void counter(String name, String unit, String description, DoubleSupplier value) {
    metrics.counter(new RunMetrics.Meter("belay.checkpoint." + name, unit, description), value);
  }

  /** Begins to measure the GPU, if the backend computes on one. */
  void device(Backend backend) {
    backend.gpuUuid().ifPresent(uuid -> gpu = new GpuMeters(metrics, uuid, intervalSeconds));
  }

  /**
   * @param share of the present stage that is done; NaN while none is known
   */
  void stage(double share) {
    progress.share = share;
  }

  RunMetrics metrics() {
    return metrics;
  }

  @Override
  public void close() {
    Logging.close(progress);
    metrics.close();
    if (gpu != null) {
      gpu.close();
    }
  }

  /** Hears lines of progress. */
  private static final class Progress extends Handler {
    private volatile double share = Double.NaN;

    @Override
    public void publish(LogRecord record) {
      Logging.progress(record).filter(line -> line.total() > 0).ifPresent(this::at);
    }

    private void at(ProgressLine line) {
      share = (double) line.done() / line.total();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
