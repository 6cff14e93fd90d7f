package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** belay submit, status and cancel on a real Slurm whose arrays hold three tasks. */
class SubmitSlurmIT {
  private static final String ENDLESS = "train.epochs=1000000";

  @TempDir static Path directory;

  @AutoClose private static SlurmLab slurm;

  @BeforeAll
  static void startSlurm() throws Exception {
    assumeTrue(SlurmLab.isInstalled(), "needs Debian's slurmctld, slurmd, slurm-client and munge");
    slurm =
        SlurmLab.start(
            directory.resolve("slurm"),
            directory,
            Map.of(
                "SED",
                "s/^MaxArraySize=.*/MaxArraySize=3/; s/^NodeName=a100.*/& Feature=big,fast/; s/^NodeName=k40.*/& Feature=quick,fast/"));
    belay("sample", "data", "--train", "128", "--test", "32");
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
            512,
            2,
            new JobRequest(
                "a100-1,v100-[1-2]",
                "",
                "kim@example.org",
                List.of("END", "FAIL"),
                "",
                "",
                List.of("--nice=100", "--comment=it's #1 \"a\\b\"")));
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
    assertTrue(answered("chain").contains("classify " + ids.get(2) + " completed"));
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
  void runsOfAListHaveTheirOwnOptionsAndNeverMoreThanAskedForRun() throws Exception {
    Files.writeString(
        directory.resolve("capped.txt"),
        """
        c1
        c2 --set train.seed=2
        c3
        c4 --set train.seed=4
        c5
        """);
    List<String> words = words("pipeline", "train.epochs=10");
    words.addAll(List.of("--runs", "capped.txt", "--together", "2"));
    List<String> jobs = belay(words.toArray()).lines().toList();
    assertEquals(5, jobs.size(), jobs::toString); // each does all stages of its run
    assertTrue(jobs.get(3).matches("\\d+_0 pipeline .*/c4"), jobs::toString);
    List<Attempt> attempts = new ArrayList<>();
    for (int run = 1; run <= 5; run++) {
      awaitDone("c" + run);
      attempts.addAll(RunDirectory.at(directory.resolve("c" + run)).attempts());
    }
    assertTrue(WatchedRun.mostAtOnce(attempts) <= 2, attempts::toString);
    for (int run : new int[] {1, 2, 4}) {
      String kept = Files.readString(directory.resolve("c" + run + "/run.properties"));
      assertTrue(kept.contains("train.seed = " + run + "\n"), kept);
    }
  }

  @Test
  void theUsersWordsReachSlurmAsTheyAre() {
    String comment = "it's #1 \"a\\b\" $(touch injected)";
    List<String> words = words("pipeline", "train.epochs=1");
    words.addAll(
        List.of("--run", "asked", "--exclude", "v100-[1-2]", "--mail-user", "kim@example.org"));
    words.addAll(List.of("--mail-type", "FAIL", "--begin", "now+1hour", "--constraint"));
    words.addAll(List.of("(big|quick)&fast", "--option", "--comment=" + comment));
    words.addAll(List.of("--dependency", "after:" + slurm.sbatch("-H", "--wrap", "true").id()));
    words.addAll(List.of("--", "--nice=77", "-w", "a100-1"));
    List<String> ids = belay(words.toArray()).lines().map(line -> line.split(" ")[0]).toList();
    for (String id : ids) {
      String facts = slurm.run(Map.of(), "scontrol", "show", "job", id);
      assertTrue(facts.contains("   Comment=" + comment), facts);
      assertEquals("v100-[1-2]", field(id, "ExcNodeList"));
      assertEquals("a100-1", field(id, "ReqNodeList"));
      assertEquals("77", field(id, "Nice"));
      assertEquals("FAIL", field(id, "MailType"));
      assertEquals("(big|quick)&fast", field(id, "Features"));
    }
    assertTrue(field(ids.get(0), "Dependency").startsWith("after:"));
    assertTrue(field(ids.get(1), "Dependency").startsWith("afterok:" + ids.get(0)));
    belay("cancel", "asked");
    assertFalse(Files.exists(directory.resolve("injected")));
  }

  @Test
  void aDryRunSaysWhatSlurmWouldSay() {
    List<String> words = words("train", "train.epochs=1");
    words.addAll(List.of("--run", "dry", "--dry-run", "--", "--licenses=nothing-like-it"));
    String said = belay(words.toArray());
    assertTrue(said.contains("# The scheduler would say: "), said);
    assertTrue(said.contains("Invalid license specification"), said);
    assertFalse(Files.exists(directory.resolve("dry")));
  }

  @Test
  void aJobOfPlainSbatchIsKnownBeforeItBegins() throws Exception {
    Path file = Path.of("jobs/slurm/train.sbatch").toAbsolutePath();
    SlurmLab.Job plain =
        slurm.sbatch("--hold", "--gres=none", file, "by-hand", "--set", "data.dir=data");
    List<String> words = words("train", "train.epochs=1");
    words.addAll(List.of("--run", "by-hand"));
    String refusal = refusal(words);
    assertTrue(refusal.contains("by-hand has a job already: " + plain.id()), refusal);
    slurm.run(Map.of(), "scancel", plain.id());
  }

  /** Maven rewrites a jar in place, under JVMs that have not read all of it. */
  @Test
  void aRebuildTouchesNoJob() throws Exception {
    Path jar = Files.copy(Path.of("target/belay.jar"), directory.resolve("rebuilt.jar"));
    List<String> words = words("train", "train.epochs=20");
    words.addAll(List.of("--set", "train.batch=16", "--run"));
    belayOf(jar, Map.of(), with(words, "quiet"));
    List<String> here = new ArrayList<>(List.of("--partition", "nograce", "--", "-w", "k40-5"));
    here.addAll(0, List.of("rebuilt"));
    String id = belayOf(jar, Map.of(), with(words, here)).split(" ")[0];
    WatchedRun run = new WatchedRun(directory.resolve("rebuilt"));
    run.hold(1);
    try (FileChannel open = FileChannel.open(jar, StandardOpenOption.WRITE)) {
      open.truncate(0);
      open.write(ByteBuffer.allocate(1 << 20));
    }
    run.release(1);
    slurm.sbatch("-p", "normal", "-w", "k40-5", "--exclusive", "-o", "/dev/null", "--wrap", "true");
    run.awaitLog(" resumed=", 1);
    slurm.new Job(id).awaitState("COMPLETED");
    WatchedRun quiet = new WatchedRun(directory.resolve("quiet"));
    quiet.awaitLog(" exit-code=0", 1);
    assertEquals(99, run.attempts().get(0).end().orElseThrow().exitCode(), run.log());
    run.assertSameBits(quiet);
  }

  @Test
  void aRunThatOthersMayWriteIntoIsTrainedFromElsewhere() throws Exception {
    Path run = Files.createDirectory(directory.resolve("shared"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path state = directory.resolve("state");
    List<String> words = words("pipeline", "train.epochs=1");
    words.addAll(List.of("--run", "shared"));
    belayOf(
        Path.of("target/belay.jar").toAbsolutePath(),
        Map.of("XDG_STATE_HOME", state.toString()),
        words.toArray());
    awaitDone("shared");
    try (var found = Files.walk(state)) {
      List<String> names = found.map(file -> file.getFileName().toString()).toList();
      assertTrue(names.contains("train.sbatch") && names.contains("classify.log"), names::toString);
    }
  }

  @Test
  void aCancelledPipelineStaysEnded() {
    List<String> ids = submit("pipeline", "cancelled", ENDLESS);
    WatchedRun.await("the first epochs", () -> status("cancelled", RunStatus.State.RUNNING));
    String status = answered("cancelled");
    assertTrue(status.contains("train " + ids.get(0) + " running"), status);
    assertTrue(status.contains("extract " + ids.get(1) + " pending (Dependency)"), status);
    String answer = belay("cancel", "cancelled");
    assertEquals(3, answer.lines().count(), answer);
    assertTrue(belay("cancel", "cancelled").contains("No job of these runs"));
    WatchedRun.await("the save", () -> status("cancelled", RunStatus.State.STOPPED));
    ids.forEach(id -> assertEquals("CANCELLED", field(id, "JobState")));
  }

  @Test
  void statusNamesTheRemedyOfAHeldJob() {
    String id = submit("train", "held", "train.epochs=1", "--", "--hold").get(0);
    awaitStatus("held", "its user holds it: scontrol release " + id);
    belay("cancel", "held");
  }

  @Test
  void statusNamesTheJobThatWillNeverBeComplete() {
    SlurmLab.Job failed = slurm.sbatch("-o", "/dev/null", "--wrap", "exit 1");
    failed.awaitState("FAILED");
    String id = submit("train", "never", "train.epochs=1", "--begin", "now+9hours").get(0);
    slurm.run(Map.of(), "scontrol", "update", "JobId=" + id, "Dependency=afterok:" + failed.id());
    slurm.run(Map.of(), "scontrol", "update", "JobId=" + id, "StartTime=now");
    awaitStatus("never", "its dependency afterok:" + failed.id() + " has failed; it will never");
    belay("cancel", "never");
  }

  /** Status asks again where a busy machine's scheduler was too slow for it. */
  private static String answered(String run) {
    String[] said = {""};
    WatchedRun.await(
        "the scheduler's answer about " + run,
        () -> !(said[0] = belay("status", run)).contains(" unknown"));
    return said[0];
  }

  /** The reason comes with the next pass of the scheduler. */
  private static void awaitStatus(String run, String line) {
    WatchedRun.await("status to say " + line, () -> belay("status", run).contains(line));
  }

  @Test
  void passesSlurmsRefusalOnInOneLine() {
    List<String> words = words("train", "train.epochs=1");
    words.addAll(List.of("--run", "refused", "--gpu", "h999"));
    String line = "sbatch refused (exit code 1): sbatch: error: Batch job submission failed";
    assertTrue(refusal(words).contains("ERROR " + line), refusal(words));
  }

  private static String refusal(List<String> words) {
    return assertThrows(AssertionError.class, () -> belay(words.toArray())).getMessage();
  }

  private static Object[] with(List<String> words, String last) {
    return with(words, List.of(last));
  }

  private static Object[] with(List<String> words, List<String> last) {
    return Stream.concat(words.stream(), last.stream()).toArray();
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
    return belayOf(Path.of("target/belay.jar").toAbsolutePath(), Map.of(), arguments);
  }

  private static String belayOf(Path jar, Map<String, String> environment, Object... arguments) {
    List<Object> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java"));
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar", jar));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(Map.of("LC_ALL", "C.UTF-8", "BELAY_CLUSTER_TIMEOUT_SECONDS", "600"));
    return slurm.run(all, command.toArray());
  }
}
