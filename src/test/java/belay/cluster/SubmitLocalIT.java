package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** belay submit --local, status and cancel: jobs as processes of this machine. */
class SubmitLocalIT {
  private static final Path JAR = Path.of("target/belay.jar").toAbsolutePath();

  @TempDir private Path directory;

  @BeforeEach
  void makeImages() throws IOException {
    directory = directory.toRealPath();
    belay("sample", "data", "--train", "128", "--test", "32");
  }

  /** Whatever a failed test has left. */
  @AfterEach
  void endJobs() throws IOException {
    try (var runs = Files.list(directory)) {
      runs.filter(run -> Files.exists(run.resolve("jobs/submitted.jsonl")))
          .forEach(run -> belay("cancel", run));
    }
  }

  @Test
  void aRunGoesThroughAllStagesWhenItsShellIsGone() throws Exception {
    String command = "%s submit pipeline --local --run r %s & wait".formatted(java(), small(2));
    run(Map.of(), "setsid", "bash", "-c", command);
    assertTrue(supervisor("r").info().command().orElse("").endsWith("bash"));
    awaitWord("r", "completed");
    assertTrue(Files.exists(directory.resolve("r/svm.h5")));
    assertEquals(List.of("local"), schedulers("r"));
    run("r").assertNobodyLeft();
    assertTrue(belay("status", "r").contains(id("r") + " completed"));
  }

  @Test
  void theFinalEndIsToldOnce() throws Exception {
    Path tell =
        Files.writeString(
            directory.resolve("tell"), "#!/bin/bash\nprintf '%s\\n' \"$@\" >>told.txt\n");
    assertTrue(tell.toFile().setExecutable(true));
    String notify = " --set cluster.notify=" + tell;
    belay("submit", "pipeline", "--local", "--run", "told", small(20) + notify);
    run("told").hold(1);
    run("told").kill(1);
    awaitWord("told", "completed");
    assertEquals(
        List.of(directory.resolve("told").toString(), "pipeline", "0", "complete"),
        Files.readAllLines(directory.resolve("told.txt")));
  }

  @Test
  void aKilledProcessIsStartedAgainAndEndsWithTheSameBits() {
    submit("quiet", 25);
    submit("killed", 25);
    for (int attempt = 1; attempt <= 2; attempt++) {
      run("killed").hold(attempt);
      run("killed").kill(attempt);
    }
    awaitWord("killed", "completed");
    awaitWord("quiet", "completed");
    run("killed").assertSameBits(run("quiet"));
    assertEquals(3, run("killed").attempts().size());
    assertTrue(run("killed").log().contains("again=2 exit-code=137"), run("killed").log());
  }

  @Test
  void aProcessThatIsStoppedByASignalGoesOn() {
    submit("stopped", 20);
    run("stopped").hold(1);
    signal("TERM", run("stopped").attempts().get(0).start().pid());
    run("stopped").release(1);
    awaitWord("stopped", "completed");
    List<Attempt> attempts = run("stopped").attempts();
    assertEquals(2, attempts.size());
    assertEquals(99, attempts.get(0).end().orElseThrow().exitCode());
    assertEquals(1, run("stopped").count(" resumed="));
  }

  @Test
  void aCancelledJobStaysEndedAndSubmitGoesOnWithIt() throws Exception {
    submit("r", 1_000_000);
    run("r").awaitLog(" epoch=2 ", 1);
    String id = id("r");
    assertTrue(belay("status", "r").contains("pipeline " + id + " running (attempt 1)"));
    refused(7, "submit", "pipeline", "--local", "--run", "r", small(1));
    assertTrue(belay("cancel", "r").contains(id + " pipeline cancelled, was running"));
    run("r").assertNobodyLeft();
    RunStatus stopped = RunDirectory.at(directory.resolve("r")).status().orElseThrow();
    assertEquals(RunStatus.State.STOPPED, stopped.state());
    assertTrue(belay("cancel", "r").contains("No job of these runs"));
    submit("r", stopped.epoch() + 2);
    awaitWord("r", "completed");
  }

  @Test
  void aKilledSupervisorTakesItsProcessesWithItOnceTheyHaveSaved() {
    submit("r", 1_000_000);
    run("r").awaitLog(" epoch=2 ", 1);
    supervisor("r").destroyForcibly();
    run("r").assertNobodyLeft();
    assertEquals(99, run("r").attempts().get(0).end().orElseThrow().exitCode());
    assertTrue(belay("status", "r").contains("ended (killed, or the machine was restarted)"));
  }

  @Test
  void waitAndLogsEndWithTheRun() throws Exception {
    submit("r", 3);
    String log = belay("logs", "-f", "-n", "all", "r");
    assertEquals(run("r").log().strip(), log);
    assertTrue(log.contains(" exit-code=0"), log);
    assertEquals("r: complete", belay("wait", "r"));
  }

  @Test
  void waitEndsWithTheCodeOfARunWhoseImagesAreDamaged() throws Exception {
    Path damaged = Files.createDirectory(directory.resolve("damaged"));
    try (var files = Files.list(directory.resolve("data"))) {
      for (Path file : files.toList()) {
        byte[] bytes = new byte[(int) Files.size(file)];
        Arrays.fill(bytes, (byte) 0xff); // no label
        Files.write(damaged.resolve(file.getFileName()), bytes);
      }
    }
    belay("submit", "pipeline", "--local", "--run", "r", small(1), "--set", "data.dir=damaged");
    refused(3, "wait", "r");
    String status = belay("status", "r");
    assertTrue(status.contains("failed") && status.contains("\nr: "), status);
  }

  @Test
  void waitEndsWith99WhenTheRunIsCancelled() {
    submit("r", 1_000_000);
    run("r").awaitLog(" epoch=2 ", 1);
    belay("cancel", "r");
    refused(99, "wait", "r");
  }

  @Test
  void aJobBodyThatIsKilledLeavesNoJavaBehind() {
    submit("r", 60);
    run("r").hold(1);
    long java = run("r").attempts().get(0).start().pid();
    ProcessHandle.of(java).orElseThrow().parent().orElseThrow().destroyForcibly();
    awaitWord("r", "completed");
    assertEquals(2, run("r").attempts().size());
  }

  @Test
  void runsOfAListAreNeverMoreThanAskedForAndHaveTheirOwnOptions() throws Exception {
    Files.writeString(
        directory.resolve("list"),
        """
        l1
        l2 --set train.seed=2
        l3 --set train.seed=3
        l4
        """);
    List<Object> words = new ArrayList<>(List.of("submit", "train", "--local", "--runs", "list"));
    words.addAll(List.of("--together", "2", small(20)));
    List<String> jobs = belay(words.toArray()).lines().toList();
    assertEquals(4, jobs.size());
    String first = jobs.get(0).split(" ")[0];
    assertTrue(
        belay("status", "l3")
            .matches("(?s).*(waiting \\(after " + first + "\\)|running|completed).*"));
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      awaitWord("l" + i, "completed");
      attempts.addAll(run("l" + i).attempts());
    }
    assertTrue(WatchedRun.mostAtOnce(attempts) <= 2, attempts::toString);
    assertTrue(Files.readString(directory.resolve("l3/run.properties")).contains("train.seed = 3"));
    assertTrue(Files.readString(directory.resolve("l4/run.properties")).contains("train.seed = 1"));
  }

  @Test
  void aJobThatGetsNowhereEnds() {
    List<Object> words = new ArrayList<>(List.of("submit", "train", "--local", "--run", "r"));
    words.addAll(List.of("--conf", "demo", "--backend", "reference", "--set", "data.dir=data"));
    words.addAll(List.of("--set", "train.network=autoencoder", "--set", "cluster.max-attempts=2"));
    belay(words.toArray());
    for (int attempt = 1; attempt <= 2; attempt++) {
      int number = attempt;
      WatchedRun.await("attempt " + attempt, () -> run("r").attempts().size() == number);
      run("r").kill(attempt);
    }
    awaitWord("r", "failed");
    assertTrue(belay("status", "r").contains("failed (exit code 5)"), belay("status", "r"));
  }

  @Test
  void aJavaThatDiesBeforeBelayBeginsIsNotStartedForEver() throws Exception {
    Path java = Files.writeString(directory.resolve("java"), "#!/bin/bash\nkill -KILL $$\n");
    assertTrue(java.toFile().setExecutable(true));
    List<Object> words = new ArrayList<>(List.of("java", "-jar", JAR));
    words.addAll(List.of("submit", "train", "--local", "--run", "r", small(1)));
    run(Map.of("BELAY_JAVA", java.toString()), words.toArray());
    awaitWord("r", "failed");
    assertEquals(3, run("r").count(" INFO job=local:" + id("r") + " exit-code=137"));
    assertTrue(belay("status", "r").contains("r: java was killed (SIGKILL), by a person"));
    refused(137, "wait", "r");
  }

  @Test
  void whatIsMeantForASchedulerIsRefusedByName() throws Exception {
    refused(2, "submit", "train", "stray", "--local", "--run", "r", small(1));
    assertTrue(errors().contains("'stray' is no option of belay submit"), errors());
    String options =
        " --time 1:00:00 --besteffort --partition p --dependency afterok:1 -- --nice=1";
    refused(2, "submit", "train", "--local", "--run", "r", small(1) + options);
    for (String name : List.of("--time", "--besteffort", "--partition", "--dependency")) {
      assertTrue(errors().contains(name + " is for schedulers"), errors());
    }
    assertTrue(errors().contains("5 problems: ") && errors().contains("'--nice=1'"), errors());
    assertFalse(Files.exists(directory.resolve("r")));
  }

  @Test
  void nothingIsWrittenWhereALinkOrAPipeIsInTheWay() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Path log = Files.createDirectories(directory.resolve("r/logs")).resolve("job.log");
    Files.createSymbolicLink(log, precious);
    refusesTheRun("job.log is a symbolic link");
    Files.delete(log);
    Files.createLink(log, precious);
    refusesTheRun("job.log has another name too");
    Files.delete(log);
    assertEquals(0, new ProcessBuilder("mkfifo", log.toString()).start().waitFor());
    refusesTheRun("job.log is a pipe, socket or device");
    Files.delete(log);
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(directory.resolve("r/checkpoints"), elsewhere);
    refused(3, "submit", "train", "--local", "--run", "r", small(1));
    assertTrue(errors().contains("checkpoints is a symbolic link, expected a dir"), errors());
    assertEquals("precious", Files.readString(precious));
  }

  /** With what this machine sees, and without a look. */
  private void refusesTheRun(String why) throws IOException {
    for (String check : List.of("", " --no-check")) {
      refused(3, "submit", "train", "--local", "--run", "r", small(1) + check);
      assertTrue(errors().contains("ERROR") && errors().contains(why), errors());
    }
  }

  private String errors() throws IOException {
    return Files.readString(directory.resolve("errors"));
  }

  private void submit(String run, int epochs) {
    belay("submit", "pipeline", "--local", "--run", run, small(epochs));
  }

  private static String small(int epochs) {
    return "--conf demo --backend cpu --set data.dir=data --set train.batch=16 --set train.epochs="
        + epochs;
  }

  private WatchedRun run(String name) {
    return new WatchedRun(directory.resolve(name));
  }

  private String id(String run) {
    List<SubmittedJob> jobs = new SubmittedJobs(directory.resolve(run)).read();
    return jobs.get(jobs.size() - 1).job();
  }

  private LocalJob job(String run) {
    return LocalJobs.of(Map.of("HOME", directory.toString())).read(id(run)).orElseThrow();
  }

  private ProcessHandle supervisor(String run) {
    return ProcessHandle.of(job(run).pid()).orElseThrow();
  }

  private void awaitWord(String run, String word) {
    WatchedRun.await(
        run + " to be " + word,
        () -> {
          LocalJob job = job(run);
          if (!job.lives() && !job.word().equals(word)) {
            throw new AssertionError(run + " is " + job + ": " + run(run).log());
          }
          return job.word().equals(word);
        });
  }

  private List<String> schedulers(String run) {
    return run(run).attempts().stream().map(attempt -> attempt.start().scheduler()).toList();
  }

  private static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String java() {
    return "java -XX:TieredStopAtLevel=1 -jar " + JAR;
  }

  /** What belay prints; fails if it does. */
  private String belay(Object... arguments) {
    List<Object> command = new ArrayList<>(List.of(java()));
    command.addAll(List.of(arguments));
    return run(Map.of(), command.toArray());
  }

  private void refused(int code, Object... arguments) {
    List<Object> command = new ArrayList<>(List.of(java()));
    command.addAll(List.of(arguments));
    AssertionError error =
        org.junit.jupiter.api.Assertions.assertThrows(
            AssertionError.class, () -> run(Map.of(), command.toArray()));
    assertTrue(error.getMessage().startsWith("exit code " + code), error.getMessage());
  }

  /**
   * @param words texts are split at blanks, but for the command of a shell
   */
  private String run(Map<String, String> environment, Object... words) {
    List<String> command = new ArrayList<>();
    for (Object word : words) {
      boolean isShell = command.contains("-c");
      command.addAll(isShell ? List.of(word.toString()) : List.of(word.toString().split(" ")));
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.redirectError(directory.resolve("errors").toFile());
      builder.environment().keySet().removeIf(name -> name.matches("(BELAY|SLURM|OAR|XDG)_.*"));
      builder.environment().put("HOME", directory.toString());
      builder.environment().put("BELAY_CLUSTER_TIMEOUT_SECONDS", "600"); // no load reaches it
      builder
          .environment()
          .put("BELAY_JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
      builder.environment().putAll(environment);
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new AssertionError(
            "exit code " + code + ": " + said + Files.readString(directory.resolve("errors")));
      }
      return said.strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
