package belay.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunMetricsTest {
  private static final RunLabels LABELS = new RunLabels("ae1", "train", "slurm", "42");

  @TempDir Path directory;

  @Test
  void countersAndGaugesHavePrometheusNamesAndTheRunsLabels() {
    AtomicReference<String> text = new AtomicReference<>("");
    LongAdder bytes = new LongAdder();
    try (RunMetrics metrics = new RunMetrics(LABELS, 3600, List.of(text::set))) {
      metrics.counter(new RunMetrics.Meter("belay.x.written", "bytes", "Bytes"), bytes::sum);
      metrics.gauge(new RunMetrics.Meter("belay.x.queue", null, "Queue"), () -> 2);
      bytes.add(12);
    }
    String labels = "{job_id=\"42\",run=\"ae1\",scheduler=\"slurm\",stage=\"train\"}";
    assertHas(text.get(), "belay_x_written_bytes_total" + labels + " 12.0");
    assertHas(text.get(), "# TYPE belay_x_written_bytes_total counter");
    assertHas(text.get(), "belay_x_queue" + labels + " 2.0");
    assertHas(text.get(), "# HELP belay_x_queue Queue");
    assertHas(text.get(), "process_cpu_seconds_total" + labels);
    assertHas(text.get(), "jvm_memory_used_bytes{area=\"heap\"");
  }

  @Test
  void trainingIsCounted() {
    AtomicReference<String> text = new AtomicReference<>("");
    try (RunMetrics metrics = new RunMetrics(LABELS, 3600, List.of(text::set))) {
      TrainMeters meters = new TrainMeters(metrics);
      for (int i = 0; i < 1000; i++) {
        meters.step(128, 1e-3);
      }
      meters.loss(0.25);
      meters.epoch(3, 0.5, Double.NaN, 0.75, 12, 1.5);
    }
    for (String expected :
        List.of(
            "belay_train_steps_total{} 1000.0",
            "belay_train_images_total{} 128000.0",
            "belay_train_learning_rate{} 0.001",
            "belay_train_loss{} 0.25",
            "belay_train_test_loss{} 0.5",
            "belay_train_live_features_ratio{} 0.75",
            "belay_train_epoch{} 3.0",
            "belay_train_epoch_duration_seconds{} 12.0",
            "belay_train_evaluation_duration_seconds{} 1.5")) {
      assertHas(text.get().replaceAll("\\{.*\\}", "{}"), expected);
    }
  }

  @Test
  void writesEverySoOften() throws Exception {
    Path file = directory.resolve("metrics.prom");
    Textfile textfile = new Textfile(file, LABELS, () -> {});
    try (RunMetrics metrics = new RunMetrics(LABELS, 1, List.of(textfile))) {
      metrics.gauge(new RunMetrics.Meter("belay.x", null, "X"), () -> 1);
      while (!Files.exists(file)) {
        Thread.sleep(10);
      }
    }
    assertHas(Files.readString(file), "process_uptime_seconds");
  }

  @Test
  void aDirectoryThatIsMissingAndAGatewayThatIsDownStopNothing() {
    AtomicReference<String> text = new AtomicReference<>("");
    Textfile missing = new Textfile(directory.resolve("no/where.prom"), LABELS, () -> {});
    Pushgateway down = new Pushgateway(URI.create("http://127.0.0.1:1/"), LABELS);
    try (RunMetrics metrics = new RunMetrics(LABELS, 3600, List.of(missing, down, text::set))) {
      metrics.gauge(new RunMetrics.Meter("belay.x", null, "X"), () -> 1);
    }
    assertHas(text.get(), "belay_x{");
    assertEquals(0, directory.toFile().list().length);
  }

  @Test
  void aSinkThatThrowsNeitherEndsTheScheduleNorKeepsOthersFromWriting() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    RunMetrics.Sink broken =
        text -> {
          attempts.incrementAndGet();
          throw new IllegalArgumentException("unsupported URI");
        };
    List<RunMetrics.Sink> sinks = List.of(broken, text -> others.incrementAndGet());
    try (RunMetrics metrics = new RunMetrics(LABELS, 1, sinks)) {
      metrics.gauge(new RunMetrics.Meter("belay.x", null, "X"), () -> 1);
      while (attempts.get() < 2) {
        Thread.sleep(10);
      }
    }
    assertTrue(others.get() >= 2);
  }

  @Test
  void aGatewayWithoutAHostIsAWarning() {
    new Pushgateway(URI.create("http://_x_:9091"), LABELS).write("belay_x 1");
  }

  private static void assertHas(String text, String expected) {
    assertTrue(text.contains(expected), () -> expected + " is not in\n" + text);
  }
}
