package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
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

  @AutoClose private static OarLab oar;

  @BeforeAll
  static void startOar() throws Exception {
    assumeTrue(OarLab.missing().isEmpty(), OarLab.missing());
    Path lib = Files.createDirectories(directory.resolve("belay/lib"));
    Files.copy(Path.of("target/belay.jar"), lib.resolve("belay.jar"));
    oar = OarLab.start(lib.getParent());
    oar.belay("sample", "data", "--train", "128", "--test", "32");
    Files.writeString(oar.home().resolve("site.properties"), SITE);
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
            0,
            0,
            SampleJobs.request());
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
  void runsOfAListHaveTheirOwnOptionsAndNeverMoreThanAskedForRun() throws Exception {
    Path list = oar.home().resolve("capped.txt");
    Files.writeString(list, "c1\nc2 --set train.seed=2\nc3\n");
    List<String> jobs =
        submit("train.epochs=2", "--runs", "capped.txt", "--together", "1").lines().toList();
    assertEquals(3, jobs.size(), jobs::toString);
    String first = jobs.get(0).split(" ")[0];
    assertTrue(answered("c2").matches("(?s).*(waiting \\(after " + first + "\\)|running|to).*"));
    List<Attempt> attempts = new ArrayList<>();
    for (int run = 1; run <= 3; run++) {
      awaitDone("c" + run);
      attempts.addAll(RunDirectory.at(path("c" + run)).attempts());
    }
    assertEquals(1, WatchedRun.mostAtOnce(attempts), attempts::toString);
    assertTrue(Files.readString(path("c2/run.properties")).contains("train.seed = 2\n"));
    assertTrue(Files.readString(path("c3/run.properties")).contains("train.seed = 1\n"));
  }

  @Test
  void theUsersWordsReachOarAsTheyAre() {
    OarLab.Job other = oar.oarsub("--hold", "sleep 1");
    List<String> ids =
        submit(
                "train.epochs=1",
                "--run",
                "asked",
                "--exclude",
                "k40-1,k40-2",
                "--properties",
                "mem > 1",
                "--mail-user",
                "kim@example.org",
                "--mail-type",
                "END,FAIL",
                "--dependency",
                "afterany:" + other.id(),
                "--",
                "-t",
                "timesharing=user,name",
                "-q",
                "default")
            .lines()
            .map(line -> line.split(" ")[0])
            .toList();
    for (String id : ids) {
      String row = "SELECT properties || ' ' || notify FROM jobs WHERE job_id = " + id;
      String facts = oar.sql(row);
      assertTrue(facts.contains("mem > 1"), facts);
      assertTrue(
          facts.contains("network_address != 'k40-1' AND network_address != 'k40-2'"), facts);
      assertTrue(facts.contains("[END,ERROR]mail:kim@example.org"), facts);
      String type = "SELECT type FROM job_types WHERE job_id = " + id;
      assertTrue(oar.sql(type).contains("timesharing"), oar.sql(type));
    }
    String before = "SELECT job_id_required FROM job_dependencies WHERE job_id = " + ids.get(0);
    assertEquals(other.id(), oar.sql(before));
    oar.belay("cancel", "asked");
    oar.command(OarLab.USER, "oardel", other.id());
  }

  @Test
  void whatAnAdmissionRuleRefusesIsTold() {
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> submit("train.epochs=1", "--run", "ruled", "--", "-t", "nonsense"));
    assertTrue(error.getMessage().contains("unknown job type: nonsense"), error.getMessage());
  }

  @Test
  void aTimeToBeginIsReserved() {
    String id =
        submit("train.epochs=1", "--run", "later", "--begin", "2037-12-24T20:00").split(" ")[0];
    String row = "SELECT reservation, state FROM jobs WHERE job_id = " + id;
    WatchedRun.await("the reservation", () -> oar.sql(row).startsWith("Scheduled"));
    oar.belay("cancel", "later");
  }

  @Test
  void aRunThatOthersMayWriteIntoIsTrainedFromElsewhere() throws Exception {
    oar.command(OarLab.USER, "mkdir", "-m", "777", "shared");
    submit("train.epochs=1", "--run", "shared");
    awaitDone("shared");
    Path place = Path.of(new SubmittedJobs(path("shared")).read().get(0).script()).getParent();
    assertEquals(oar.home().resolve(".local/state/belay/jobs"), place.getParent());
    assertTrue(Files.readString(place.resolve("classify.log")).contains("stage=classify"));
  }

  @Test
  void statusNamesTheRemedyOfAHeldJob() {
    List<String> ids =
        submit("train.epochs=1", "--run", "held", "--", "--hold")
            .lines()
            .map(line -> line.split(" ")[0])
            .toList();
    String status = answered("held");
    assertTrue(status.contains("its user holds it: oarresume " + ids.get(0)), status);
    oar.belay("cancel", "held");
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsSeenBeforeTheQueue() {
    AssertionError error =
        assertThrows(AssertionError.class, () -> submit("train.epochs=1", "--run", "/etc/run"));
    assertTrue(error.getMessage().contains("/etc/run: cannot be written"), error.getMessage());
  }

  @Test
  void aJobOfPlainOarsubIsKnownBeforeItBegins() {
    OarLab.Job plain = oar.oarsub("--hold", oar.script("train.sh") + " by-hand --conf demo");
    AssertionError error =
        assertThrows(AssertionError.class, () -> submit("train.epochs=1", "--run", "by-hand"));
    assertTrue(
        error.getMessage().contains("by-hand has a job already: " + plain.id()),
        error.getMessage());
    oar.command(OarLab.USER, "oardel", plain.id());
  }

  @Test
  void aCancelledPipelineStaysEnded() {
    List<String> ids =
        submit("train.epochs=1000000", "--run", "endless", "--gpu", "v100", "--besteffort")
            .lines()
            .map(line -> line.split(" ")[0])
            .toList();
    WatchedRun.await("the first epochs", () -> is("endless", RunStatus.State.RUNNING));
    String status = answered("endless");
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

  /** Status asks again where a busy machine's scheduler was too slow for it. */
  private static String answered(String run) {
    String[] said = {""};
    WatchedRun.await(
        "the scheduler's answer about " + run,
        () -> !(said[0] = oar.belay("status", run)).contains(" unknown"));
    return said[0];
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
