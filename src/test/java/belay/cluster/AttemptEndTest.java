package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attempt leaves behind for people, for status and for the next stage. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttemptEndTest {
  private static final String FAILS =
      "echo '2026-01-01T00:00:00Z ERROR No \"data\" in C:\\dir'; exit 3";

  @TempDir private Path directory;
  private AttemptScript script;

  @BeforeEach
  void nameRun() {
    script = new AttemptScript(directory, "run");
  }

  @Test
  void repeatsLastErrorAndExitCodeOnTheSchedulersOutput() throws Exception {
    String java =
        "for word in old last; do echo \"2026-01-01T00:00:00Z ERROR the $word one\"; done; exit 3";
    assertEquals(3, script.attempt(java, Map.of()).waitFor());
    List<String> lines = script.output().lines().toList();
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.get(1).endsWith("ERROR job=none the last one"), lines::toString);
    assertTrue(lines.get(2).endsWith("INFO job=none exit-code=3"), lines::toString);
    assertEquals(3, script.attempt("exit 3", Map.of()).waitFor());
    assertEquals(5, script.output().lines().count(), script.output()); // not that of another one
  }

  @Test
  void tellsAProgramOfTheFinalEnd() throws Exception {
    assertEquals(0, notified("exit 0", Map.of()));
    assertEquals(3, notified(FAILS, Map.of()));
    String run = script.path().toString();
    assertEquals(List.of("--to", "kim", run, "train", "0", "complete"), told().subList(0, 6));
    assertEquals(
        List.of("--to", "kim", run, "train", "3", "No \"data\" in C:\\dir"), told().subList(6, 12));
  }

  @Test
  void tellsNobodyOfWhatIsNotTheEnd() throws Exception {
    assertEquals(99, notified("exit 99", Map.of()));
    assertEquals(7, notified("exit 7", Map.of()));
    assertEquals(0, notified("exit 0", Map.of("BELAY_LAST_STAGE", "classify")));
    assertEquals(137, notified("exit 137", Map.of("BELAY_LOCAL_JOB", "ab")));
    assertFalse(Files.exists(directory.resolve("told")), script.log());
  }

  /** It was warned in time, but nobody takes it back. */
  @Test
  void tellsOfAJobThatWillNotComeBack() throws Exception {
    script.command("tell", "printf '%s\\n' \"$@\" >>told");
    script.command("scontrol", "exit 1");
    Map<String, String> job =
        Map.of("SLURM_JOB_ID", "7", "BELAY_NOTIFY", "tell", "PATH", script.searchPath());
    Process attempt =
        script.attempt("trap 'exit 99' TERM; echo up; while :; do sleep 0.1; done", job);
    script.run().awaitLog("up\n", 1);
    AttemptScript.signal("USR1", attempt);
    assertEquals(99, attempt.waitFor());
    assertTrue(told().get(3).startsWith("This run is saved, and no job comes back"), script.log());
    assertTrue(script.output().contains("no job comes back to it"), script.output());
  }

  @Test
  void sendsMailOfTheFinalEnd() throws Exception {
    script.command("mail", "printf '%s\\n' \"$@\" >>told; cat >>told");
    Map<String, String> mail =
        Map.of("BELAY_NOTIFY", "mail:kim@example.org", "PATH", script.searchPath());
    assertEquals(3, script.attempt(FAILS, mail).waitFor());
    String subject = "belay train " + script.path() + ": exit code 3";
    assertEquals(
        List.of("-s", subject, "kim@example.org", "belay: No \"data\" in C:\\dir"), told());
  }

  @Test
  void anEndThatCannotBeToldIsStillTheSameEnd() throws Exception {
    assertEquals(0, script.attempt("exit 0", Map.of("BELAY_NOTIFY", "/no/such")).waitFor());
    assertTrue(script.log().contains("WARN job=none BELAY_NOTIFY=/no/such"), script.log());
  }

  private int notified(String java, Map<String, String> environment) throws Exception {
    script.command("tell", "printf '%s\\n' \"$@\" >>told");
    Map<String, String> all = new HashMap<>(environment);
    all.put("BELAY_NOTIFY", "tell --to kim");
    all.put("PATH", script.searchPath());
    return script.attempt(java, all).waitFor();
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(directory.resolve("told"));
  }

  @Test
  void recordsHowItEnded() throws Exception {
    Map<String, String> job = Map.of("SLURM_JOB_ID", "7", "BELAY_REQUEUE", "none");
    assertEquals(3, script.attempt(FAILS, job).waitFor());
    Map<?, ?> end = lastExit();
    assertEquals("train", end.get("stage"));
    assertEquals("slurm", end.get("scheduler"));
    assertEquals("7", end.get("job"));
    assertEquals(3.0, end.get("exitCode"));
    assertEquals("No \"data\" in C:\\dir", end.get("message"));
    assertFalse(Instant.parse(end.get("ended").toString()).isAfter(Instant.now()));
    assertEquals(0, script.attempt("true", Map.of()).waitFor());
    assertEquals("", lastExit().get("message"));
  }

  @Test
  void leavesTheRecordToTheInstanceThatHasTheRun() throws Exception {
    assertEquals(3, script.attempt(FAILS, Map.of()).waitFor());
    assertEquals(7, script.attempt("exit 7", Map.of()).waitFor());
    assertEquals(3.0, lastExit().get("exitCode"));
  }

  @Test
  void saysInWordsThatJavaWasKilled() throws Exception {
    Map<String, String> job = Map.of("SLURM_JOB_ID", "7", "SLURM_MEM_PER_NODE", "1024");
    assertEquals(137, script.attempt("kill -KILL $$", job).waitFor());
    String words = "java was killed (SIGKILL), by a person, by the site, or because memory ran out";
    assertTrue(script.output().contains(words), script.output());
    assertTrue(
        script
            .output()
            .contains("the job has 1024 MiB (--mem), of which java's heap may take 512 MiB"),
        script.output());
    assertTrue(lastExit().get("message").toString().startsWith(words));
  }

  @Test
  void saysThatMemoryRanOutWhereTheKernelSaysSo() throws Exception {
    Path group = Path.of("/sys/fs/cgroup/memory/belay-test-" + ProcessHandle.current().pid());
    boolean isOurs = Files.isWritable(group.getParent()) && Files.notExists(group);
    assumeTrue(isOurs && System.getProperty("user.name").equals("root"), "needs control groups");
    Files.createDirectory(group);
    try {
      Files.writeString(group.resolve("memory.limit_in_bytes"), "67108864");
      // The shell and this stub of java are in the group, and only the latter is large.
      String java = "exec perl -e '$x = \"a\" x (1 << 30)'";
      script.command("enter", "echo $$ >" + group.resolve("cgroup.procs") + "; exec \"$@\"");
      Map<String, String> job = Map.of("SLURM_JOB_ID", "7", "SLURM_MEM_PER_NODE", "64");
      int code = script.startBy("enter", List.of("train", "run"), java, job).waitFor();
      assertEquals(137, code, script.log());
      assertTrue(script.output().contains("because the job's memory ran out"), script.output());
    } finally {
      Files.delete(group);
    }
  }

  @Test
  void endsWithThreeWhereTheRunDirectoryVanishes() throws Exception {
    assertEquals(3, script.attempt("rm -rf run; exit 1", Map.of()).waitFor());
    assertTrue(script.output().contains("run is gone, and this attempt's work"), script.output());
    assertFalse(Files.exists(script.path()));
  }

  @Test
  void waitsForTheInstanceBeforeAndNotForEver() throws Exception {
    Map<String, String> requeued =
        Map.of("SLURM_JOB_ID", "7", "SLURM_RESTART_COUNT", "1", "BELAY_BUSY_SECONDS", "2");
    assertEquals(7, script.attempt("echo in use; exit 7", requeued).waitFor());
    assertTrue(script.run().count("in use\n") > 1, script.log());
    Map<String, String> first = Map.of("SLURM_JOB_ID", "7");
    assertEquals(7, script.attempt("echo busy; exit 7", first).waitFor());
    assertEquals(1, script.run().count("busy\n"), script.log());
  }

  @Test
  void laterStagesTellWhatEndedTheFirst() throws Exception {
    assertEquals(3, script.attempt(FAILS, Map.of()).waitFor());
    String cause = "ERROR job=none train failed with exit code 3: No \"data\" in C:\\dir\n";
    for (String stage : List.of("extract", "classify")) {
      Files.delete(directory.resolve("output"));
      String java = "echo '2026-01-01T00:00:00Z ERROR incomplete'; exit 3";
      assertEquals(3, script.start(List.of(stage, "run"), java, Map.of()).waitFor());
      assertTrue(script.output().contains(cause), script.output());
    }
  }

  @Test
  void blameNoEndThatWorkHasFollowed() throws Exception {
    assertEquals(3, script.attempt(FAILS, Map.of()).waitFor());
    Path status = Files.writeString(script.path().resolve("status.json"), "{}");
    Instant later = Instant.now().plus(Duration.ofHours(1));
    Files.setLastModifiedTime(status, FileTime.from(later));
    assertEquals(3, script.start(List.of("extract", "run"), "exit 3", Map.of()).waitFor());
    assertFalse(script.output().contains("train failed"), script.output());
  }

  /** Before it listens for them, they would kill or crash it. */
  @ParameterizedTest
  @ValueSource(strings = {"USR1", "USR2"})
  void aJvmThatDoesNotListenYetOutlivesTheSignalsOfSchedulers(String signal) throws Exception {
    String classes = Path.of("target/classes").toAbsolutePath().toString();
    String tests = Path.of("target/test-classes").toAbsolutePath().toString();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java").toRealPath();
    Map<String, String> program =
        Map.of(
            "BELAY_JAVA",
            java.toString(),
            "BELAY_JAVA_OPTS",
            "-cp %s:%s belay.job.LateListener".formatted(classes, tests));
    Process attempt = script.attempt("", program);
    Optional<String> command = Optional.of(java.toString());
    while (script.run().count("listens") == 0 && attempt.isAlive()) {
      for (ProcessHandle process : attempt.descendants().toList()) {
        if (process.info().command().equals(command)) {
          String pid = Long.toString(process.pid());
          new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        }
      }
    }
    assertEquals(0, attempt.waitFor(), script.log());
  }

  @ParameterizedTest
  @ValueSource(ints = {129, 130, 138, 140, 143})
  void takesADeathByASignalThatWasHeardForASafeStop(int code) throws Exception {
    String java = "trap 'exit " + code + "' TERM; echo up; while :; do sleep 0.1; done";
    Process attempt = script.attempt(java, Map.of());
    script.run().awaitLog("up\n", 1);
    AttemptScript.signal("USR1", attempt);
    assertEquals(99, attempt.waitFor());
    assertEquals(code, script.attempt("exit " + code, Map.of()).waitFor());
  }

  private Map<?, ?> lastExit() throws Exception {
    return Json.read(Files.readString(script.path().resolve("logs/last-exit.json")), Map.class);
  }
}
