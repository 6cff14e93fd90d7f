package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** belay submit, status and cancel on a real Slurm whose arrays hold three tasks. */
class SubmitSlurmIT {
  private static final String ENDLESS = "train.epochs=1000000";

  @TempDir static Path directory;

  private static SlurmLab slurm;

  @BeforeAll
  static void startSlurm() throws Exception {
    assumeTrue(SlurmLab.isInstalled(), "needs Debian's slurmctld, slurmd, slurm-client and munge");
    slurm =
        SlurmLab.start(
            directory.resolve("slurm"),
            directory,
            Map.of("SED", "s/^MaxArraySize=.*/MaxArraySize=3/"));
    belay("sample", "data", "--train", "128", "--test", "32");
  }

  @AfterAll
  static void stopSlurm() {
    if (slurm != null) {
      slurm.close();
    }
  }

  @Test
  void theRealParserTakesEveryKindOfScript() throws Exception {
    JobTerms terms =
        new JobTerms(
            "anybody",
            "grace",
            "",
            "gpu:a100:1",
            "",
            "",
            "",
            true,
            120,
            Duration.ofHours(2),
            2,
            512);
    SlurmBatch batch = new SlurmBatch(SampleJobs.TIMEOUT);
    List<JobScript> scripts = new ArrayList<>();
    scripts.add(SampleJobs.single("train", terms, "--set", "data.dir=/d/it's $(x)"));
    scripts.add(SampleJobs.array(terms));
    scripts.add(SampleJobs.single("classify", SampleJobs.plain()));
    for (JobScript script : scripts) {
      Path file = Files.writeString(directory.resolve("script"), batch.text(script));
      slurm.run(Map.of(), "sbatch", "--test-only", file);
    }
  }

  @Test
  void stagesFollowOneAnother() {
    List<String> ids = submit("pipeline", "chain", "train.epochs=2", "--gpu", "a100");
    assertEquals(3, ids.size());
    awaitDone("chain");
    assertTrue(Files.exists(directory.resolve("chain/svm.h5")));
    assertTrue(belay("status", "chain").contains("classify " + ids.get(2) + " completed"));
    assertEquals("gpu:a100:1", field(ids.get(0), "TresPerNode").replace("gres:", ""));
  }

  @Test
  void aRunWithAnAwkwardNameIsARunLikeAnyOther() {
    String name = "it's $(touch injected); r\u00e9sum\u00e9 %j";
    submit("pipeline", name, "train.epochs=1");
    awaitDone(name);
    assertFalse(Files.exists(directory.resolve("injected")));
  }

  @Test
  void aListLongerThanAnArrayIsCut() throws Exception {
    Files.writeString(directory.resolve("list"), "l1\nl2\n# none\n\nl3\nl4\n");
    List<String> words = words("pipeline", "train.epochs=1");
    words.addAll(List.of("--runs", "list"));
    List<String> jobs = belay(words.toArray()).lines().toList();
    assertEquals(12, jobs.size());
    assertTrue(jobs.get(0).matches("\\d+_0 train .*/l1"), jobs::toString);
    assertTrue(jobs.get(2).matches("\\d+_2 train .*/l3"), jobs::toString);
    assertTrue(jobs.get(9).matches("\\d+ train .*/l4"), jobs::toString);
    for (String run : List.of("l1", "l2", "l3", "l4")) {
      awaitDone(run);
    }
  }

  @Test
  void aCancelledPipelineStaysEnded() {
    List<String> ids = submit("pipeline", "cancelled", ENDLESS);
    WatchedRun.await("the first epochs", () -> status("cancelled", RunStatus.State.RUNNING));
    String status = belay("status", "cancelled");
    assertTrue(status.contains("train " + ids.get(0) + " running"), status);
    assertTrue(status.contains("extract " + ids.get(1) + " pending (Dependency)"), status);
    String answer = belay("cancel", "cancelled");
    assertEquals(3, answer.lines().count(), answer);
    assertTrue(belay("cancel", "cancelled").contains("No job of these runs"));
    WatchedRun.await("the save", () -> status("cancelled", RunStatus.State.STOPPED));
    ids.forEach(id -> assertEquals("CANCELLED", field(id, "JobState")));
  }

  @Test
  void passesSlurmsRefusalOnInOneLine() {
    List<String> words = words("train", "train.epochs=1");
    words.addAll(List.of("--run", "refused", "--gpu", "h999"));
    AssertionError error =
        org.junit.jupiter.api.Assertions.assertThrows(
            AssertionError.class, () -> belay(words.toArray()));
    String line = "sbatch refused (exit code 1): sbatch: error: Batch job submission failed";
    assertTrue(error.getMessage().contains("ERROR " + line), error.getMessage());
  }

  /** The ids, in the order of the stages. */
  private static List<String> submit(
      String stage, String run, String assignment, String... options) {
    List<String> words = words(stage, assignment);
    words.addAll(List.of("--run", run));
    words.addAll(List.of(options));
    return belay(words.toArray()).lines().map(line -> line.split(" ")[0]).toList();
  }

  private static List<String> words(String stage, String assignment) {
    return new ArrayList<>(
        List.of(
            "submit",
            stage,
            "--site",
            "generic-slurm",
            "--conf",
            "demo",
            "--backend",
            "cpu",
            "--time",
            "9:00:00",
            "--set",
            "data.dir=data",
            "--set",
            assignment,
            "--set",
            "cluster.cpus=1",
            "--set",
            "cluster.memory-mib=512"));
  }

  private static String field(String job, String name) {
    return slurm.new Job(job).field(name);
  }

  private static void awaitDone(String run) {
    WatchedRun.await(
        run + " to be classified",
        () ->
            status(run, RunStatus.State.DONE) && Files.exists(directory.resolve(run + "/svm.h5")));
  }

  private static boolean status(String run, RunStatus.State state) {
    return RunDirectory.at(directory.resolve(run))
        .status()
        .filter(status -> status.state() == state && status.epoch() > 0)
        .isPresent();
  }

  private static String belay(Object... arguments) {
    List<Object> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java"));
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar"));
    command.add(Path.of("target/belay.jar").toAbsolutePath());
    command.addAll(List.of(arguments));
    return slurm.run(
        Map.of("LC_ALL", "C.UTF-8", "BELAY_CLUSTER_TIMEOUT_SECONDS", "600"), command.toArray());
  }
}
