package belay.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;

/**
 * The meters of one process and the thread that writes them down every few seconds and at the end.
 * Meters only read what the work counts anyway, on that thread, so that the work waits for nothing:
 * even the registry is built there.
 */
public final class RunMetrics implements AutoCloseable {
  private static final Logger LOG = System.getLogger("belay.metrics");
  private static final long END_SECONDS = 10;
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** Where the text goes; should not throw, which is one warning. */
  @FunctionalInterface
  public interface Sink {
    void write(String text);
  }

  private final RunLabels labels;
  private final List<Sink> sinks;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(RunMetrics::thread);
  private final List<DoubleSupplier> counters = new ArrayList<>(); // the registry holds them weakly
  private final Optional<JvmGcMetrics> collector = // which warns twice where it can learn nothing
      ModuleLayer.boot().findModule("jdk.management").map(present -> new JvmGcMetrics());
  private final Set<Sink> failing = new HashSet<>();
  private PrometheusMeterRegistry registry; // of the thread alone

  /**
   * Starts the thread.
   *
   * @param intervalSeconds between two writings
   */
  public RunMetrics(RunLabels labels, int intervalSeconds, List<Sink> sinks) {
    this.labels = labels;
    this.sinks = List.copyOf(sinks);
    thread.execute(this::build);
    thread.scheduleWithFixedDelay(
        this::publish, intervalSeconds, intervalSeconds, TimeUnit.SECONDS);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "metrics");
    thread.setDaemon(true);
    return thread;
  }

  private void build() {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().commonTags(labels.tags());
    collector.ifPresent(of -> of.bindTo(registry));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    bindCounter(
        new Meter("process.cpu", "seconds", "Processor time of the process"), RunMetrics::cpu);
  }

  /** By the process's own handle: a small JRE may lack the bean of jdk.management. */
  private static double cpu() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(time -> time.toNanos() * 1e-9)
        .orElse(Double.NaN);
  }

  /**
   * A name and what it means.
   *
   * @param name with dots; Prometheus gets belay_train_steps_total for the counter
   *     belay.train.steps
   * @param unit a base unit, such as seconds or bytes, which the name gets; null for none
   */
  public record Meter(String name, String unit, String description) {}

  /**
   * @param value of something that only grows; read by the thread of the metrics
   */
  public void counter(Meter meter, DoubleSupplier value) {
    thread.execute(() -> bindCounter(meter, value));
  }

  private void bindCounter(Meter meter, DoubleSupplier value) {
    counters.add(value);
    FunctionCounter.builder(meter.name(), value, DoubleSupplier::getAsDouble)
        .baseUnit(meter.unit())
        .description(meter.description())
        .register(registry);
  }

  /**
   * @param value of something that rises and falls, NaN while it is not known; read by the thread
   *     of the metrics
   */
  public void gauge(Meter meter, DoubleSupplier value) {
    thread.execute(
        () ->
            Gauge.builder(meter.name(), value::getAsDouble)
                .strongReference(true)
                .baseUnit(meter.unit())
                .description(meter.description())
                .register(registry));
  }

  private void publish() {
    String text = registry.scrape(TEXT);
    sinks.forEach(sink -> write(sink, text));
  }

  /** One that throws would end the schedule, and keep the others from writing. */
  private void write(Sink sink, String text) {
    try {
      sink.write(text);
      failing.remove(sink);
    } catch (RuntimeException e) {
      if (failing.add(sink)) {
        LOG.log(Level.WARNING, "metrics=unwritten reason=\"{0}\"", e.getMessage());
      }
    }
  }

  /** Writes a last time, and waits for that a few seconds at most. */
  @Override
  public void close() {
    try {
      thread.submit(this::publish).get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "The last metrics are not written: " + e);
    } finally {
      thread.shutdownNow();
      collector.ifPresent(JvmGcMetrics::close);
    }
  }
}
