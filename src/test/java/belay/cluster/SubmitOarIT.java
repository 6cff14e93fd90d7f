package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** belay submit, status and cancel on a real OAR, as one of its users. */
class SubmitOarIT {
  private static final String SITE =
      """
      cluster.scheduler = oar
      cluster.gpus = v100=V100, a100=A100
      cluster.gpu-resources = /nodes=1/gpudevice=1
      cluster.cpus = 1
      cluster.timeout-seconds = 600
      data.dir = data
      """;

  @TempDir static Path directory;

  private static OarLab oar;

  @BeforeAll
  static void startOar() throws Exception {
    assumeTrue(OarLab.missing().isEmpty(), OarLab.missing());
    Path lib = Files.createDirectories(directory.resolve("belay/lib"));
    Files.copy(Path.of("target/belay.jar"), lib.resolve("belay.jar"));
    oar = OarLab.start(lib.getParent());
    oar.belay("sample", "data", "--train", "128", "--test", "32");
    Files.writeString(oar.home().resolve("site.properties"), SITE);
  }

  @AfterAll
  static void stopOar() throws Exception {
    if (oar != null) {
      oar.close();
    }
  }

  @Test
  void theRealParserTakesEveryLine() throws Exception {
    JobTerms terms =
        new JobTerms(
            "pr-x",
            "",
            "",
            "",
            "",
            "(mem > 1) AND (gpumodel='A100' OR gpumodel='V100')",
            "/nodes=1/gpudevice=1",
            true,
            120,
            Duration.ofHours(2),
            1,
            0);
    Path file = oar.home().resolve("every-line.sh");
    String text = new OarBatch(SampleJobs.TIMEOUT).text(SampleJobs.single("train", terms));
    Files.writeString(file, text.replace("/scratch/kim/runs/ae1/logs", oar.home().toString()));
    assertTrue(file.toFile().setExecutable(true, false));
    OarLab.Job job = oar.oarsub("-S", "./every-line.sh", "--hold");
    String request = String.valueOf(job.last().get("initial_request"));
    text.lines()
        .filter(line -> line.startsWith("#OAR -") && !line.contains("/scratch"))
        .forEach(line -> assertTrue(request.contains(line), line + " in " + request));
    assertEquals("pr-x", job.last().get("project"));
    oar.command(OarLab.USER, "oardel", job.id());
  }

  @Test
  void stagesOfSeveralRunsFollowOneAnother() {
    List<String> jobs = submit("train.epochs=2", "--run", "r1", "r2").lines().toList();
    assertEquals(6, jobs.size(), jobs::toString);
    awaitDone("r1");
    awaitDone("r2");
    assertEquals(3, RunDirectory.at(path("r2")).attempts().size());
  }

  @Test
  void aCancelledPipelineStaysEnded() {
    List<String> ids =
        submit("train.epochs=1000000", "--run", "endless", "--gpu", "v100", "--besteffort")
            .lines()
            .map(line -> line.split(" ")[0])
            .toList();
    WatchedRun.await("the first epochs", () -> is("endless", RunStatus.State.RUNNING));
    String status = oar.belay("status", "endless");
    assertTrue(status.contains("train " + ids.get(0) + " running"), status);
    assertTrue(
        status.contains("extract " + ids.get(1) + " waiting (after " + ids.get(0) + ")"), status);
    assertEquals(3, oar.belay("cancel", "endless").lines().count());
    assertTrue(oar.belay("cancel", "endless").contains("No job of these runs"));
    assertEquals(1, RunDirectory.at(path("endless")).attempts().size());
  }

  @Test
  void refusesAPathThatOarWouldGiveToAShell() {
    AssertionError error =
        assertThrows(AssertionError.class, () -> submit("train.epochs=1", "--run", "a;b"));
    assertTrue(error.getMessage().contains("OAR cannot start jobs from"), error.getMessage());
  }

  private static String submit(String assignment, String... options) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "submit",
                "pipeline",
                "--site",
                "./site.properties",
                "--conf",
                "demo",
                "--backend",
                "cpu",
                "--set",
                assignment));
    words.addAll(List.of(options));
    return oar.belay(words.toArray());
  }

  private static void awaitDone(String run) {
    WatchedRun.await(
        run + " to be classified",
        () -> is(run, RunStatus.State.DONE) && Files.exists(path(run).resolve("svm.h5")));
  }

  private static boolean is(String run, RunStatus.State state) {
    return RunDirectory.at(path(run))
        .status()
        .filter(status -> status.state() == state && status.epoch() > 0)
        .isPresent();
  }

  private static Path path(String run) {
    return oar.home().resolve(run);
  }
}
