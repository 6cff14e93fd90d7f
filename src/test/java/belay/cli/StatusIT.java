package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.cli.StubCluster.Answer;
import belay.cluster.SubmittedJob;
import belay.cluster.SubmittedJobs;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** belay status, wait and logs with a scheduler that says what it is told to, or nothing. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Execution(ExecutionMode.CONCURRENT) // they wait for the most part
class StatusIT {
  private static final Map<String, String> PATIENT = Map.of("BELAY_CLUSTER_TIMEOUT_SECONDS", "600");

  @TempDir Path directory;

  private StubCluster cluster;
  private Path run;

  @BeforeEach
  void submit() throws Exception {
    cluster = StubCluster.in(directory);
    cluster.program("sbatch", "echo 12");
    Answer answer = cluster.submit("train", "--run", "run", "--set", "data.dir=data");
    assertEquals(0, answer.exitCode(), answer.output());
    run = cluster.path("run");
    Files.createDirectories(run.resolve("logs"));
    cluster.program("squeue", "cat " + cluster.path("queue"));
  }

  @Test
  void aSilentSchedulerKeepsNobodyWaiting() throws Exception {
    Path pid = cluster.path("pid");
    cluster.program("squeue", "sleep 86400 & echo $! >" + pid + "; wait $! && touch woke");
    Answer answer = StubCluster.answer(cluster.start(PATIENT, "status", "run"));
    assertEquals(0, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("train 12 unknown"), answer.output());
    long warnings = answer.output().lines().filter(line -> line.contains(" WARN")).count();
    assertEquals(1, warnings, answer.output());
    assertTrue(answer.output().contains("squeue gave no answer within 4 s"), answer.output());
    assertFalse(Files.exists(cluster.path("woke")));
    long sleeper = Long.parseLong(Files.readString(pid).strip());
    ProcessHandle.of(sleeper).ifPresent(process -> process.onExit().join());
  }

  @Test
  void schedulersAreAskedAtOnce() throws Exception {
    String meet = "touch %s; until [[ -e %s ]]; do sleep 0.1; done; %s";
    Path here = cluster.path("here");
    Path there = cluster.path("there");
    cluster.program("squeue", meet.formatted(here, there, "true"));
    cluster.program("oarstat", meet.formatted(there, here, "true"));
    new SubmittedJobs(run).add(SubmittedJob.foreign("oar", "train", "13", Instant.now()));
    Answer answer = StubCluster.answer(cluster.start(PATIENT, "cancel", "run"));
    assertEquals(0, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("No job of these runs"), answer.output());
  }

  @Test
  void namesTheRemedyBelowTheTable() throws Exception {
    queue("12|12|PENDING|DependencyNeverSatisfied|afterok:11(failed)");
    String text = answered("status", "run");
    assertTrue(
        text.contains("run: train 12: its dependency afterok:11 has failed; it will never begin"),
        text);
    queue("12|12|PENDING|JobHeldUser|(null)");
    String json = answered("status", "--json", "run");
    assertTrue(json.contains("\"remedy\": \"its user holds it: scontrol release 12\""), json);
  }

  @Test
  void saysThatJavaWasKilledBeforeItWroteAnything() throws Exception {
    queue("12|12|FAILED|NonZeroExitCode|(null)");
    lastExit(137, "java was killed (SIGKILL) because the job's memory ran out");
    String text = cluster.belay("status", "run").output();
    assertTrue(text.contains("  interrupted  "), text);
    assertTrue(text.contains("run: java was killed (SIGKILL) because the job's"), text);
    String json = cluster.belay("status", "run", "--json").output();
    assertTrue(json.contains("\"exitCode\": 137"), json);
    Answer wait = cluster.belay("wait", "run");
    assertEquals(137, wait.exitCode(), wait.output());
    assertTrue(
        wait.output().contains("run: interrupted with exit code 137: java was killed"),
        wait.output());
  }

  @Test
  void watchesUntilNothingMoves() throws Exception {
    queue("12|12|PENDING|Priority|");
    Process watch = cluster.start(Map.of(), "status", "--watch", "1", "run");
    try (BufferedReader out = watch.inputReader()) {
      awaitLine(out, "pending");
      assertEquals("", out.readLine());
      awaitLine(out, "pending");
      queue("12|12|COMPLETED|None|");
      awaitLine(out, "completed");
      assertEquals(null, out.readLine());
    }
    assertEquals(0, watch.waitFor());
  }

  @Test
  void aWatchThatIsStoppedEndsAsOtherCommands() throws Exception {
    queue("12|12|PENDING|Priority|");
    Process watch = cluster.start(Map.of(), "status", "--watch", "run");
    try (BufferedReader out = watch.inputReader()) {
      awaitLine(out, "pending");
      watch.toHandle().destroy(); // and keeps the pipe
      awaitLine(out, "Stopped by signal TERM");
    }
    assertEquals(99, watch.waitFor());
    assertEquals(2, cluster.belay("status", "run", "--watch=0").exitCode());
  }

  @Test
  void waitsForASchedulerThatDoesNotAnswer() throws Exception {
    Path up = cluster.path("up");
    String silent = "echo >>asked; [[ -e %s ]] || { echo no controller >&2; exit 1; }";
    cluster.program("squeue", silent.formatted(up));
    Process wait = cluster.start(Map.of(), "wait", "run");
    try (BufferedReader out = wait.inputReader()) {
      awaitLine(out, "squeue refused: no controller; asks again, until it answers");
      Files.createFile(up);
      assertEquals("run: never began, and has no job", out.readLine());
    }
    assertEquals(3, wait.waitFor());
    assertTrue(Files.readAllLines(cluster.path("asked")).size() >= 2);
  }

  @Test
  void aWaitEndsWhenItsTimeIsOver() throws Exception {
    queue("12|12|PENDING|Priority|");
    Answer answer = cluster.belay("wait", "run", "--timeout-seconds", "1");
    assertEquals(99, answer.exitCode(), answer.output());
    assertTrue(answer.output().contains("Waited 1 s in vain"), answer.output());
  }

  @Test
  void aWaitThatWouldBeInVainSaysSo() throws Exception {
    queue("12|12|PENDING|JobHeldUser|");
    Process wait = cluster.start(Map.of(), "wait", "run");
    try (BufferedReader out = wait.inputReader()) {
      awaitLine(out, "Job 12: its user holds it: scontrol release 12");
      queue("12|12|COMPLETED|None|");
      awaitLine(out, "run: never began");
    }
    assertEquals(3, wait.waitFor());
  }

  @Test
  void waitEndsWithTheCodeOfTheFirstRunThatIsNotComplete() throws Exception {
    cluster.program("squeue", "true");
    assertEquals(0, cluster.train("complete").exitCode());
    lastExit(2, "No such key");
    Answer answer = cluster.belay("wait", "complete", "run", "complete");
    assertEquals(2, answer.exitCode(), answer.output());
    assertEquals(
        "complete: complete\nrun: failed with exit code 2: No such key\ncomplete: complete\n",
        answer.output());
    assertEquals(0, cluster.belay("wait", "complete").exitCode());
  }

  @Test
  void aRunWhoseLastStageNeverBeganIsNotComplete() throws Exception {
    cluster.program("squeue", "true");
    assertEquals(0, cluster.train("half").exitCode());
    assertEquals(0, cluster.belay("wait", "half").exitCode());
    Answer submit = cluster.submit("pipeline", "--run", "half", "--set", "data.dir=data");
    assertEquals(0, submit.exitCode(), submit.output());
    Answer wait = cluster.belay("wait", "half");
    assertEquals(99, wait.exitCode(), wait.output());
    assertEquals("half: incomplete, and nobody will come back: submit it again\n", wait.output());
  }

  @Test
  void followsALogThatComesLateAndIsReplacedUntilTheJobIsOver() throws Exception {
    queue("12|12|RUNNING|None|");
    Path log = run.resolve("logs/job.log");
    assertEquals(3, cluster.belay("logs", "run").exitCode());
    Process logs = cluster.start(Map.of(), "logs", "-f", "run");
    try (BufferedReader out = logs.inputReader()) {
      Files.writeString(log, "first\n");
      assertEquals("first", out.readLine());
      Files.writeString(log, "\u001b[2Jsecond\n", StandardOpenOption.APPEND);
      assertEquals("?[2Jsecond", out.readLine());
      Path other = Files.writeString(run.resolve("logs/other"), "third\n");
      Files.move(other, log, StandardCopyOption.ATOMIC_MOVE);
      assertEquals("third", out.readLine());
      queue("12|12|COMPLETED|None|");
      Files.writeString(log, "last\n", StandardOpenOption.APPEND);
      assertEquals("last", out.readLine());
      assertEquals(null, out.readLine());
    }
    assertEquals(0, logs.waitFor());
    assertEquals("last\n", cluster.belay("logs", "run", "-n", "1").output());
    assertEquals("third\nlast\n", cluster.belay("logs", "run", "-n", "all").output());
  }

  /** Status asks again where a busy machine was too slow for it. */
  private String answered(String... words) throws Exception {
    String said = cluster.belay(words).output();
    return said.contains("gave no answer") ? answered(words) : said;
  }

  private static void awaitLine(BufferedReader out, String text) throws Exception {
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains(text)) {
        return;
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("no '" + text + "' in:\n" + said);
  }

  /** At once, as squeue's answers are. */
  private void queue(String line) throws Exception {
    Path next = Files.writeString(cluster.path("queue.next"), line + "\n");
    Files.move(next, cluster.path("queue"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void lastExit(int code, String message) throws Exception {
    Files.writeString(
        run.resolve("logs/last-exit.json"),
        "{\"stage\":\"train\",\"scheduler\":\"slurm\",\"job\":\"12\",\"host\":\"a\",\"ended\":\"%s\",\"exitCode\":%d,\"message\":\"%s\",\"avoided\":[]}\n"
            .formatted("2026-03-01T09:30:00Z", code, message));
  }
}
