package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jobs that come back with all that they had, elsewhere, or under names of any letter; and lists.
 */
class SlurmComesBackIT {
  /** What users say on the command line, and the fields of Slurm that tell it. */
  private static final Map<List<String>, List<String>> OPTIONS =
      Map.of(
          List.of("--gres=none", "--mem=300M"), List.of("TresPerNode", "MinMemoryNode"),
          List.of("--mem-per-cpu=200M"), List.of("MinMemoryCPU", "MinMemoryNode"),
          List.of("--gres=none", "--gpus=1"), List.of("TresPerJob", "TresPerNode"),
          List.of("-C", "fast", "--nice=7", "--comment=two words | Partition=x"),
              List.of("Features", "Nice", "Comment"),
          List.of("-x", "v100-[1-2],a100-1", "--mail-type=END,FAIL", "--mail-user=kim@localhost"),
              List.of("ExcNodeList", "MailType", "MailUser"),
          List.of("--reservation=ours", "--licenses=rare:1", "--account=pr-x"),
              List.of("Reservation", "Licenses", "Account"),
          List.of("-c", "2", "--threads-per-core=1", "--contiguous", "--gpu-bind=closest"),
              List.of("CPUs/Task", "ReqB:S:C:T", "Contiguous", "TresBind"),
          List.of("--exclusive", "--time-min=5", "--no-requeue", "-D", "/", "-o", "/dev/null"),
              List.of("OverSubscribe", "TimeMin", "Requeue", "WorkDir", "StdOut"),
          List.of("--mem-per-gpu=300M", "--output=x %% %j.out", "-e", "err-%j"),
              List.of("MemPerTres", "MinMemoryNode", "StdOut", "StdErr"));

  @TempDir static Path directory;

  @AutoClose private static SlurmJobs jobs;
  private static SlurmLab slurm;

  static Set<List<String>> options() {
    return OPTIONS.keySet();
  }

  @BeforeAll
  static void startSlurm() throws Exception {
    jobs = SlurmJobs.start(directory, Map.of());
    slurm = jobs.slurm();
    editTemplate();
    slurm.run(
        Map.of(),
        "scontrol",
        "create",
        "reservation=ours",
        "users=" + System.getProperty("user.name"),
        "nodes=v100-4",
        "starttime=now",
        "duration=600",
        "flags=ignore_jobs");
  }

  /** As somebody does who gives the memory himself: sbatch takes one word for it only. */
  private static void editTemplate() throws Exception {
    Path slurm = jobs.prefix().resolve("jobs/slurm");
    String text = Files.readString(slurm.resolve("train.sbatch"));
    Files.writeString(
        slurm.resolve("edited.sbatch"), text.replaceAll("(?m)^#SBATCH --mem=.*\n", ""));
  }

  /** GPUs of the lab are names only, so that every node's is broken. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aJobWithABrokenGpuTriesThreeOtherNodesAndEnds() throws Exception {
    WatchedRun run = jobs.run("broken");
    SlurmLab.Job job = jobs.trainOnBest(run, "--gres=gpu:k40:1", "--exclude=v100-[1-4]");
    job.awaitState("FAILED");
    assertEquals("4:0", job.field("ExitCode"));
    assertEquals("3", job.field("Restarts"));
    String output = jobs.output(job);
    Set<String> nodes = Set.copyOf(avoided(output));
    assertEquals(3, nodes.size(), output);
    String excluded =
        slurm.run(Map.of(), "scontrol", "show", "hostnames", job.field("ExcNodeList"));
    assertTrue(excluded.lines().toList().containsAll(nodes), excluded);
    assertTrue(excluded.contains("v100-4"), excluded); // the user's own are still there
    assertFalse(nodes.contains(job.field("BatchHost")));
    String words = "Node " + job.field("BatchHost") + " is broken: this job was given GPU ";
    assertTrue(output.contains("ERROR job=slurm:" + job.id() + " " + words), output);
    assertEquals(4, run.count(" restart="), run.log()); // none of which worked
    assertEquals(0, run.attempts().size());
    assertEquals(0, run.count("backend=cpu"), run.log());
  }

  private static List<String> avoided(String output) {
    return output
        .lines()
        .filter(line -> line.contains(" avoids-node="))
        .map(line -> line.replaceAll(".* avoids-node=(\\S+) .*", "$1"))
        .toList();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aJobWithABrokenGpuEndsAtOnceWhereNoOtherNodeWillDo() {
    WatchedRun run = jobs.run("only");
    SlurmLab.Job job = jobs.trainOnBest(run, "-w", "k40-5");
    job.awaitState("FAILED");
    assertEquals("4:0", job.field("ExitCode"));
    assertTrue(jobs.output(job).contains("No other node will do ("), jobs.output(job));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aJobWithoutAGpuUsesTheProcessors() {
    WatchedRun run = jobs.run("without");
    SlurmLab.Job job = jobs.trainOnBest(run, "--gres=none", "-w", "k40-4");
    job.awaitState("COMPLETED");
    assertEquals(1, run.count("backend=cpu, as no GPU can be used"), run.log());
    jobs.assertUndisturbed(run);
  }

  @ParameterizedTest
  @MethodSource("options")
  @Execution(ExecutionMode.CONCURRENT)
  void aJobInPlaceOfAnotherHasAllThatSlurmTellsOfThat(List<String> options) throws Exception {
    WatchedRun run = jobs.run("options" + options.hashCode());
    // Not where another test's job, which may come to any node, takes its place before its signal.
    List<Object> words = new ArrayList<>(List.of("-p", "spare"));
    words.addAll(options);
    Map<String, String> again =
        Map.of("BELAY_REQUEUE", "sbatch", "BELAY_HOME", jobs.prefix().toString());
    SlurmLab.Job job = jobs.submit(again, "edited", run, words.toArray());
    jobs.hold(run);
    job.warn();
    run.awaitLog("signal=USR1", 1);
    run.release(1);
    run.awaitLog("submitted=", 1);
    SlurmLab.Job next = slurm.new Job(new SubmittedJobs(run.path()).read().get(0).job());
    for (String field : OPTIONS.get(options)) {
      assertEquals(job.line(field), next.line(field), field);
    }
    next.awaitState("COMPLETED");
    assertEquals(job.field("NumCPUs"), next.field("NumCPUs"));
    jobs.assertUndisturbed(run);
    run.assertReadsAsOneStory(2);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aJobWhoseOptionCannotBeGivenToAnotherSaysWhich() {
    WatchedRun run = jobs.run("lost");
    Map<String, String> again = Map.of("BELAY_REQUEUE", "sbatch");
    SlurmLab.Job job = jobs.submit(again, "train", run, "-p", "spare", "--sockets-per-node=1");
    jobs.hold(run);
    job.warn();
    run.awaitLog("signal=USR1", 1);
    run.release(1);
    job.awaitState("FAILED");
    String words = "sbatch cannot give it Socks/Node=1 of this one: submit the same again";
    assertTrue(jobs.output(job).contains(words), jobs.output(job));
  }

  /** Slurm hands names over as they are, but no locale. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void namesOfAnyLetterNeedNoLocale() {
    WatchedRun run = jobs.run("\u00fcml\u00e4ut \u6f22\u5b57");
    Map<String, String> plain = Map.of("LC_ALL", "C", "LANG", "C");
    SlurmLab.Job job = jobs.submit(plain, "train", run, "-w", "a100-3", "--export=NONE");
    job.awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
  }

  /** Whatever the moment: before java, before belay listens, and while it works. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void signalsAtAnyMomentCrashNothing() throws Exception {
    WatchedRun run = jobs.run("signalled");
    Map<String, String> stay = Map.of("BELAY_REQUEUE", "none");
    for (int attempt = 1; attempt <= 8; attempt++) {
      SlurmLab.Job job = jobs.submit(stay, "train", run, "-w", "a100-4");
      int began = attempt;
      WatchedRun.await("attempt " + attempt, () -> run.count("heap-mib=") >= began);
      String signal = "--signal=" + List.of("USR2", "USR1", "TERM").get(attempt % 3);
      while (!job.isOver()) {
        slurm.run(Map.of(), "sh", "-c", "scancel --batch " + signal + " " + job.id() + " || true");
      }
      assertTrue(Set.of("99:0", "0:0", "0:15").contains(job.field("ExitCode")), run.log());
    }
    jobs.train(run, "-w", "a100-4").awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void listLongerThanTheLargestArrayRunsLineByLineAndOneAtATime() throws Exception {
    Path list = directory.resolve("list");
    String options = " --conf demo --set train.epochs=1 --set train.seed=";
    Files.writeString(
        list,
        String.join(
            "\r\n",
            "\uFEFF# six runs, and at most three fit into an array",
            "sweep/1" + options + 11,
            "sweep/2" + options + 12,
            "",
            "sweep/3" + options + 13,
            "sweep/$(touch${IFS}evil2)" + options + 14,
            "sweep/five six" + (options + 15).replace(' ', '\t'),
            "sweep/*" + options + 16));
    String ids =
        slurm.run(
            Map.of(
                "BELAY_BACKEND", "cpu", "BELAY_DATA_DIR", jobs.data().toString(), "TOGETHER", "1"),
            SlurmJobs.FILES.resolve("submit-array.sh"),
            "train",
            list.getFileName(),
            "-w",
            "k40-1",
            "--cpus-per-task=1",
            "--gres=none");
    assertEquals(2, ids.lines().count());
    for (String id : ids.lines().toList()) {
      assertEquals(Set.of("COMPLETED"), slurm.new Job(id).awaitTasks());
    }
    List<String> names = List.of("1", "2", "3", "$(touch${IFS}evil2)", "five six", "*");
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      RunDirectory run = RunDirectory.open(directory.resolve("sweep").resolve(names.get(i)));
      String properties = Files.readString(run.properties());
      assertTrue(properties.contains("train.seed = " + (11 + i)), properties);
      attempts.addAll(run.attempts());
    }
    assertOneAtATime(attempts);
    assertFalse(Files.exists(directory.resolve("evil2")));
    try (Stream<Path> runs = Files.list(directory.resolve("sweep"))) {
      assertEquals(names.size(), runs.count());
    }
  }

  static void assertOneAtATime(List<Attempt> attempts) {
    Instant free = Instant.EPOCH;
    List<Attempt> ordered = new ArrayList<>(attempts);
    ordered.sort(Comparator.comparing(attempt -> attempt.start().started()));
    for (Attempt attempt : ordered) {
      assertFalse(attempt.start().started().isBefore(free), ordered::toString);
      free = attempt.end().orElseThrow().ended();
    }
  }
}
