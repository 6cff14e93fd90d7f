package belay.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.cli.Jar;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own programs say to the metrics of a run. */
@Timeout(300)
class PrometheusIT {
  @TempDir static Path directory;

  @BeforeAll
  static void makeImages() throws Exception {
    assertEquals(
        0, Jar.run(directory, "sample", "data", "--train", "400", "--test", "60").exitCode());
  }

  @Test
  void promtoolAcceptsTheTextfileOfEveryStage() throws Exception {
    assumeTrue(isInstalled("promtool"), "promtool (prometheus) is not installed");
    assertEquals(0, train("checked").exitCode());
    assertAccepted("checked");
    for (String stage : List.of("extract", "classify")) {
      assertEquals(0, Jar.run(directory, stage, "--run", "checked").exitCode());
      assertAccepted("checked");
    }
    String metrics = Files.readString(directory.resolve("checked/metrics.prom"));
    for (String series : List.of("train_epoch", "checkpoint_writes_total", "progress_ratio")) {
      assertTrue(
          metrics.contains(
              "belay_"
                  + series
                  + "{job_id=\"\",run=\"checked\",scheduler=\"none\",stage=\"train\"}"),
          metrics);
    }
    assertTrue(metrics.contains("stage=\"extract\"} 1.0"), metrics);
  }

  /** With status 0 and no word: it would also print what it only dislikes. */
  private static void assertAccepted(String run) throws Exception {
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics")
            .redirectInput(directory.resolve(run + "/metrics.prom").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes());
    assertEquals(0, promtool.waitFor(), said);
    assertEquals("", said);
  }

  @Test
  void aRealPushgatewayReceivesThem() throws Exception {
    assumeTrue(isInstalled("prometheus-pushgateway"), "prometheus-pushgateway is not installed");
    String address = "127.0.0.1:" + freePort();
    Process gateway =
        new ProcessBuilder("prometheus-pushgateway", "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("gateway.log").toFile())
            .start();
    try {
      awaitAnswer("http://" + address + "/-/ready");
      Jar train = train("pushed run", "metrics.pushgateway=http://" + address);
      assertEquals(0, train.exitCode());
      assertTrue(!train.output().contains("unsent"), train.output());
      String shown = get("http://" + address + "/metrics");
      assertTrue(
          shown.contains(
              "belay_train_epoch{instance=\"\",job=\"belay\",job_id=\"\",run=\"pushed run\",scheduler=\"none\",stage=\"train\"} 2"),
          shown);
      assertTrue(shown.contains("belay_checkpoint_written_bytes_total{"), shown);
    } finally {
      gateway.destroy();
    }
  }

  private static Jar train(String run, String... settings) throws Exception {
    List<String> command = new ArrayList<>(List.of("train", "--run", run, "--conf", "demo"));
    List<String> all = new ArrayList<>(List.of("data.dir=data", "train.epochs=2"));
    all.addAll(List.of(settings));
    for (String setting : all) {
      command.addAll(List.of("--set", setting));
    }
    return Jar.run(directory, command.toArray(String[]::new));
  }

  private static boolean isInstalled(String program) {
    try {
      Process version =
          new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return version.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitAnswer(String address) throws Exception {
    while (true) {
      try {
        get(address);
        return;
      } catch (IOException notYet) {
        Thread.sleep(20);
      }
    }
  }

  private static String get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }
}
