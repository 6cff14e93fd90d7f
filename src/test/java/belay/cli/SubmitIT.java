package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.cli.StubCluster.Answer;
import belay.cluster.SubmittedJob;
import belay.cluster.SubmittedJobs;
import belay.hdf.Sha256;
import belay.run.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What belay submit looks at and writes, whatever the scheduler. */
class SubmitIT {
  /** As bash hands functions on: modules of which one is not there, and none brings java. */
  private static final Map<String, String> MODULES =
      Map.of(
          "BASH_FUNC_module%%", "() { [[ $2 != nosuch* ]]; }", "LMOD_PKG", "", "MODULESHOME", "");

  @TempDir Path directory;

  private StubCluster cluster;

  @BeforeEach
  void makeImages() throws Exception {
    cluster = StubCluster.in(directory);
  }

  @Test
  void fourAtOnceLeaveOneJob() throws Exception {
    cluster.program("sbatch", "sleep 2; echo 12");
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(
          cluster.start(
              Map.of(), cluster.submission("train", "--run", "run", "--set", "data.dir=data")));
    }
    List<Integer> codes = new ArrayList<>();
    StringBuilder said = new StringBuilder();
    for (Process each : all) {
      Answer answer = StubCluster.answer(each);
      codes.add(answer.exitCode());
      said.append(answer.output());
    }
    codes.sort(null);
    assertEquals(List.of(0, 7, 7, 7), codes, said::toString);
    assertEquals(1, jobs("run").size());
    assertTrue(said.toString().contains("Somebody submits " + cluster.path("run")), said::toString);
  }

  @Test
  void aLockOfADeadProcessBindsNobody() throws Exception {
    cluster.program("sbatch", "sleep 60");
    Process killed =
        cluster.start(
            Map.of(), cluster.submission("train", "--run", "run", "--set", "data.dir=data"));
    while (!Files.exists(cluster.path("run/jobs/train.sbatch"))) {
      assertTrue(killed.isAlive());
      Thread.sleep(20);
    }
    killed.destroyForcibly().waitFor();
    cluster.program("sbatch", "echo 12");
    Answer answer = cluster.submit("train", "--run", "run", "--set", "data.dir=data");
    assertEquals(0, answer.exitCode(), answer.output());
  }

  @Test
  void aRunThatSomebodyWorksOnByHandIsRefused() throws Exception {
    Process byHand =
        cluster.start(
            Map.of(),
            "train",
            "--run",
            "run",
            "--conf",
            "demo",
            "--backend",
            "cpu",
            "--set",
            "data.dir=data",
            "--set",
            "train.epochs=1000000");
    try {
      while (!Files.exists(cluster.path("run/lease-1.json"))) {
        assertTrue(byHand.isAlive());
        Thread.sleep(20);
      }
      Answer answer = cluster.submit("train", "--run", "run", "--set", "data.dir=data");
      assertEquals(7, answer.exitCode(), answer.output());
      String owner = "run is in use by host ";
      assertTrue(answer.output().contains(owner), answer.output());
      assertTrue(answer.output().contains("process " + byHand.pid()), answer.output());
    } finally {
      byHand.destroyForcibly().waitFor();
    }
  }

  @Test
  void aCapThatNobodyWouldHoldIsRefused() throws Exception {
    Answer answer =
        cluster.submit(
            "train",
            "--run",
            "a",
            "b",
            "--together",
            "1",
            "--set",
            "data.dir=data",
            "--set",
            "cluster.requeue=sbatch");
    assertEquals(2, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("(--together) = 1 cannot hold"), answer.output());
  }

  @Test
  void arraysOfACappedListFollowOneAnother() throws Exception {
    cluster.program("scontrol", "echo 'MaxArraySize = 2'");
    Answer answer =
        cluster.submit(
            "pipeline", "--run", "a", "b", "c", "--together", "1", "--set", "data.dir=data");
    assertEquals(0, answer.exitCode(), answer.output());
    String first = answer.output().split("_")[0];
    assertEquals(2, cluster.calls().size());
    assertTrue(cluster.calls().get(1).contains("--dependency=afterany:" + first + " "));
    String script = Files.readString(cluster.path("a/jobs/pipeline-array.sbatch"));
    assertTrue(script.contains("#SBATCH --array=0-1%1\n"), script);
  }

  @Test
  void jobsWithoutAGpuAreNoSurprise() throws Exception {
    String[] bare = {"submit", "train", "--run", "r", "--dry-run", "--set", "data.dir=data"};
    Answer generic = cluster.belay(with(bare, "--site=generic-slurm"));
    assertEquals(2, generic.exitCode(), generic.output());
    assertTrue(generic.output().contains("Which GPU? Give --gpu MODEL, "), generic.output());
    Path mine = Files.writeString(cluster.path("mine.properties"), "cluster.scheduler = slurm\n");
    Answer own = cluster.belay(with(bare, "--site=" + mine));
    assertEquals(0, own.exitCode(), own.output());
    assertTrue(own.output().contains("WARN No GPU is asked for"), own.output());
  }

  /** Where nvcc was there, the jar is refused nothing. */
  @Test
  void aGpuIsNotAskedForByAJarWithoutKernels() throws Exception {
    boolean hasKernels = !Devices.kernelTiers().isEmpty();
    String[] words = {"submit", "train", "--conf", "demo", "--site=generic-slurm", "--gpu=any"};
    words = with(words, "--set=data.dir=data");
    String refusal = " A GPU is asked for, and this jar has no kernels for any: build it where";
    Answer answer = cluster.belay(with(words, "--run=checked"));
    assertEquals(hasKernels ? 0 : 2, answer.exitCode(), answer.output());
    assertEquals(!hasKernels, answer.output().contains("ERROR" + refusal), answer.output());
    Answer unchecked = cluster.belay(with(with(words, "--run=unchecked"), "--no-check"));
    assertEquals(0, unchecked.exitCode(), unchecked.output());
    assertEquals(!hasKernels, unchecked.output().contains("WARN" + refusal), unchecked.output());
  }

  @Test
  void aRunThatIsCompleteIsLeftAlone() throws Exception {
    assertEquals(0, cluster.train("done").exitCode());
    Answer again = cluster.submit("train", "--run", "done", "--set", "data.dir=data");
    assertEquals(0, again.exitCode(), again.output());
    assertTrue(again.output().contains("done: train is complete, nothing to submit"));
    assertEquals(List.of(), cluster.calls());
    Answer longer =
        cluster.submit(
            "train", "--run", "done", "--set", "data.dir=data", "--set", "train.epochs=20");
    assertEquals(0, longer.exitCode(), longer.output());
    assertEquals(1, cluster.calls().size());
  }

  @Test
  void stagesThatAreCompleteAreNotSubmittedAgain() throws Exception {
    assertEquals(0, cluster.train("done").exitCode());
    Answer rest = cluster.submit("pipeline", "--run", "done", "--set", "data.dir=data");
    assertTrue(rest.output().matches("(?s)\\d+ extract .*\\n\\d+ classify .*\\n"), rest.output());
    for (String stage : List.of("extract", "classify")) {
      assertEquals(0, cluster.belay(stage, "--run", "done", "--backend", "cpu").exitCode());
    }
    Answer none = cluster.submit("pipeline", "--run", "done", "--set", "data.dir=data");
    assertTrue(none.output().contains("pipeline is complete, nothing to submit"), none.output());
    Answer other =
        cluster.submit("classify", "--run", "done", "--set", "data.dir=data", "--set", "svm.c=2");
    assertTrue(other.output().matches("(?s)\\d+ classify .*"), other.output());
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceAndNothingIsWritten() throws Exception {
    Answer answer =
        cluster.submit(
            Map.of("BELAY_JAVA", "/nowhere/java"),
            "train",
            "--run",
            "run",
            "--set",
            "data.dir=absent",
            "--begin",
            "x y",
            "--properties",
            "mem > 1");
    assertEquals(2, answer.exitCode(), answer.output());
    for (String problem :
        List.of(
            "4 problems: ",
            "--properties mem > 1: Slurm has no properties",
            "--begin x y must be a time",
            "absent: no such directory",
            "No java: ")) {
      assertTrue(answer.output().contains(problem), problem + " in " + answer.output());
    }
    assertFalse(Files.exists(cluster.path("run")));
  }

  @Test
  void imagesOfAnotherShapeAreRefused() throws Exception {
    Answer answer =
        cluster.submit(
            "train", "--run", "run", "--set", "data.dir=data", "--set", "data.channels=1");
    assertEquals(2, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("data.channels"), answer.output());
    assertEquals(List.of(), cluster.calls());
  }

  @ParameterizedTest
  @CsvSource({"--no-check", "--dry-run"})
  void whatThisMachineDoesNotSeeIsAWarningOnRequest(String option) throws Exception {
    Answer answer = cluster.submit("train", "--run", "r", "--set", "data.dir=absent", option);
    assertEquals(0, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("WARN "), answer.output());
    assertTrue(answer.output().contains("absent: no such directory"), answer.output());
  }

  @Test
  void anUnknownModuleIsRefusedAndOneThatMayBringJavaIsNot() throws Exception {
    String[] job = {"train", "--run", "run", "--set", "data.dir=data", "--set"};
    Map<String, String> site = new HashMap<>(MODULES);
    site.put("BELAY_JAVA", "/nowhere/java");
    Answer unknown = cluster.submit(site, with(job, "cluster.modules=purge; nosuch/1"));
    assertEquals(2, unknown.exitCode(), unknown.output());
    assertTrue(unknown.output().contains("module load nosuch/1 failed"), unknown.output());
    Answer known = cluster.submit(site, with(job, "cluster.modules=purge; openjdk/17"));
    assertEquals(0, known.exitCode(), known.output());
    assertTrue(known.output().contains("WARN On this machine: No java"), known.output());
  }

  @Test
  void aFullDiskIsSeenBeforeTheQueue() throws Exception {
    Path disk = Files.createDirectory(cluster.path("disk"));
    assumeTrue(succeeds("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk), "needs root");
    try {
      Answer answer =
          cluster.submit(
              "pipeline",
              "--run",
              "disk/run",
              "--set",
              "data.dir=data",
              "--set",
              "train.network=autoencoder");
      assertEquals(3, answer.exitCode(), answer.output());
      assertTrue(answer.output().contains("0.0 GiB free, checkpoints and"), answer.output());
    } finally {
      assertTrue(succeeds("umount", disk));
    }
  }

  @Test
  void aPlaceThatIsNoDirectoryIsSeenBeforeTheQueue() throws Exception {
    Files.writeString(cluster.path("file"), "");
    Answer answer = cluster.submit("train", "--run", "file/run", "--set", "data.dir=data");
    assertEquals(3, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("file is a file; use a directory"), answer.output());
  }

  @Test
  void jobsKeepACopyOfTheProgram() throws Exception {
    Answer answer = cluster.submit("train", "--run", "run", "--set", "data.dir=data");
    assertEquals(0, answer.exitCode(), answer.output());
    SubmittedJob job = jobs("run").get(0);
    assertEquals(Sha256.of(Jar.PATH), job.jarSha256());
    Path jar = cluster.path("run/jobs/belay-" + job.jarSha256().substring(0, 12) + ".jar");
    assertEquals(Sha256.of(Jar.PATH), Sha256.of(jar));
    assertEquals("rw-r--r--", mode(jar));
    String script = Files.readString(cluster.path("run/jobs/train.sbatch"));
    assertTrue(script.contains("export BELAY_JAR=" + jar + "\n"), script);
    Object before = Files.getAttribute(jar, "unix:ino");
    cluster.submit("train", "--run", "run", "--set", "data.dir=data");
    assertEquals(before, Files.getAttribute(jar, "unix:ino")); // not copied again
    assertTrue(cluster.belay("status", "run", "--json").output().contains(job.jarSha256()));
  }

  @Test
  void aScriptWithAPasswordIsForItsOwnerAlone() throws Exception {
    String[] submit = {"train", "--run", "run", "--set", "data.dir=data"};
    cluster.submit(submit);
    assertEquals("rwxr-xr-x", mode(cluster.path("run/jobs/train.sbatch")));
    cluster.submit(Map.of("BELAY_METRICS_PUSHGATEWAY", "https://kim:secret@host/"), submit);
    assertEquals("rwx------", mode(cluster.path("run/jobs/train.sbatch")));
  }

  @Test
  void whoMayWriteIntoARunChoosesNothingThatItsJobsExecute() throws Exception {
    Path run = Files.createDirectory(cluster.path("run"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
    Answer answer = cluster.submit("train", "--run", "run", "--set", "data.dir=data");
    assertEquals(0, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains(run + " may be written by others"), answer.output());
    Path script = Path.of(jobs("run").get(0).script());
    Path all = cluster.path("home/.local/state/belay/jobs");
    assertTrue(script.startsWith(all), script::toString);
    assertEquals(List.of(script.toString()), cluster.calls().stream().map(SubmitIT::last).toList());
    String text = Files.readString(script);
    assertTrue(text.contains("export BELAY_JAR=" + all + "/belay-"), text);
    assertTrue(text.contains("exec " + script.resolveSibling("attempt.sh") + " train "), text);
    assertTrue(text.contains("#SBATCH --output=" + script.resolveSibling("train.log")), text);
    try (var files = Files.list(run.resolve("jobs"))) {
      assertTrue(files.noneMatch(file -> file.toString().matches(".*\\.(sh|jar|sbatch)")));
    }
  }

  @Test
  void aSubmissionThatIsRefusedInTheMiddleLeavesNoJob() throws Exception {
    Path calls = cluster.path("calls");
    cluster.program(
        "sbatch", "[[ $* == */train.sbatch ]] && echo 12 || { echo no room >&2; exit 1; }");
    cluster.program("scancel", "echo \"scancel $*\" >>" + calls);
    Answer answer = cluster.submit("pipeline", "--run", "run", "--set", "data.dir=data");
    assertEquals(6, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("no room"), answer.output());
    assertTrue(answer.output().contains("1 jobs before that were cancelled"), answer.output());
    assertEquals(List.of("scancel 12"), cluster.calls());
  }

  @Test
  void whatIsAskedOfSlurmReachesIt() throws Exception {
    Answer answer =
        cluster.submit(
            "pipeline",
            "--run",
            "run",
            "--set",
            "data.dir=data",
            "--partition",
            "gpu",
            "--qos",
            "long",
            "--constraint",
            "a100&nvlink",
            "--exclude",
            "n[1-3]",
            "--mail-type",
            "end,fail",
            "--mail-user",
            "kim@example.org",
            "--reservation",
            "course",
            "--begin",
            "now+1hour",
            "--dependency",
            "afterok:4711",
            "--option",
            "--comment=it's mine",
            "--",
            "--nice=100",
            "-w",
            "n7");
    assertEquals(0, answer.exitCode(), answer.output());
    String script = Files.readString(cluster.path("run/jobs/classify.sbatch"));
    for (String line :
        List.of(
            "--partition=gpu",
            "--qos=long",
            "--constraint=a100&nvlink",
            "--exclude=n[1-3]",
            "--mail-type=END,FAIL",
            "--mail-user=kim@example.org",
            "--reservation=course",
            "\"--comment=it's mine\"",
            "--nice=100",
            "-w n7")) {
      assertTrue(script.contains("\n#SBATCH " + line + "\n"), line + " in " + script);
    }
    assertTrue(
        cluster
            .calls()
            .get(0)
            .startsWith("--parsable --begin=now+1hour --dependency=afterok:4711 "),
        cluster.calls()::toString);
    assertTrue(cluster.calls().get(1).matches("--parsable --dependency=afterok:\\d+ .*"));
  }

  private List<SubmittedJob> jobs(String run) {
    return new SubmittedJobs(cluster.path(run)).read();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static String last(String call) {
    return call.substring(call.lastIndexOf(' ') + 1);
  }

  private static String[] with(String[] words, String last) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(last);
    return all.toArray(String[]::new);
  }

  private static boolean succeeds(Object... command) throws Exception {
    List<String> words = List.of(command).stream().map(Object::toString).toList();
    return new ProcessBuilder(words).start().waitFor() == 0;
  }
}
