package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it finds itself in a job, where no scheduler is there to ask. */
class JobIT {
  private static final Map<String, String> JOB = Map.of("OAR_JOB_ID", "4711");

  private static final int LIMIT_SECONDS = 3600;

  @TempDir Path directory;

  private record Answer(int exitCode, String output) {}

  @BeforeEach
  void makeImages() throws Exception {
    assertEquals(0, belay(Map.of(), "sample", "data", "--train", "64", "--test", "16").exitCode);
  }

  @Test
  void savesAndEndsBeforeTheTimeLimitWithoutAnySignal() throws Exception {
    String[] endless =
        train(
            "run",
            "data",
            "train.epochs=1000000",
            "log.interval-seconds=3600",
            "checkpoint.keep=1");
    Attempt.End end;
    int limit = 12; // more than a step needs, or than twice as much where the machine is busy
    do {
      Map<String, String> job =
          Map.of(
              "OAR_JOB_ID", "4711",
              "OAR_JOB_WALLTIME_SECONDS", Integer.toString(limit),
              "BELAY_JOB_BEGAN", Long.toString(Instant.now().getEpochSecond()));
      Answer answer = belay(job, endless);
      assertEquals(99, answer.exitCode, answer.output);
      end = latest("run").end().orElseThrow();
      assertEquals("walltime", end.reason());
      limit *= 2;
    } while (end.step() == 0);
    assertFalse(Files.list(directory.resolve("run/checkpoints")).toList().isEmpty());
  }

  @Test
  void refusesAJobThatComesBackAndGetsNowhere() throws Exception {
    Map<String, String> over =
        Map.of("OAR_JOB_ID", "4711", "OAR_JOB_WALLTIME_SECONDS", "60", "BELAY_JOB_BEGAN", "1");
    String[] hopeless = train("run", "data", "cluster.max-attempts=2");
    assertEquals(99, belay(over, hopeless).exitCode);
    assertEquals(99, belay(over, hopeless).exitCode);
    Answer third = belay(over, hopeless);
    assertEquals(5, third.exitCode, third.output);
    assertTrue(
        third.output.contains(
            "the time limit ended the last two attempts before train had anything to save"),
        third.output);
    assertEquals(0, belay(Map.of(), hopeless).exitCode); // by hand there is no limit
  }

  /** Jobs come back by themselves after code 99 alone: there is nothing to guard against. */
  @Test
  void aMistakeOfAJobIsNoAttempt() throws Exception {
    String[] mistaken = train("run", "absent", "cluster.max-attempts=1");
    for (int time = 1; time <= 3; time++) {
      assertEquals(3, belay(JOB, mistaken).exitCode);
    }
    assertEquals(List.of(), RunDirectory.at(directory.resolve("run")).attempts());
    Answer status = belay(Map.of(), "status", "run");
    assertTrue(status.output.contains(" new "), status.output);
  }

  @Test
  void endsAtOnceInEveryStageOfACompleteRun() throws Exception {
    for (int time = 1; time <= 2; time++) {
      Answer training = belay(JOB, train("run", "data", "train.epochs=1"));
      assertEquals(0, training.exitCode, training.output);
      assertEquals(time == 2, training.output.contains("complete=true"), training.output);
      assertEquals(0, belay(JOB, "extract", "--run", "run").exitCode);
      assertEquals(0, belay(JOB, "classify", "--run", "run").exitCode);
    }
    assertEquals(3, RunDirectory.at(directory.resolve("run")).attempts().size());
  }

  @Test
  void recordsTheJobOfAnAttempt() throws Exception {
    belay(
        Map.of(
            "SLURM_JOB_ID",
            "12",
            "SLURM_RESTART_COUNT",
            "3",
            "SLURM_JOB_GPUS",
            "1",
            "SLURM_JOB_END_TIME",
            "99999999999"),
        train("run", "data", "train.epochs=1"));
    Attempt.Start start = latest("run").start();
    assertEquals("slurm", start.scheduler());
    assertEquals("12", start.jobId());
    assertEquals(3, start.restarts());
    assertEquals("1", start.gpus());
  }

  @Test
  void statusSaysWhatItKnowsWithoutAScheduler() throws Exception {
    belay(JOB, train("run", "data", "train.epochs=1"));
    Answer status = belay(Map.of("PATH", "/nowhere"), "status", "run");
    assertEquals(0, status.exitCode, status.output);
    assertTrue(status.output.contains("done"), status.output);
    assertTrue(status.output.contains("ckpt-0001.h5"), status.output);
    assertTrue(
        status.output.contains("WARN Cannot run oarstat, is this a machine of the cluster?"),
        status.output);
  }

  @Test
  void refusesASecondSubmissionWhileTheFirstOneWaits() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    program(bin.resolve("sbatch"), "echo 12");
    program(bin.resolve("squeue"), "echo '12|12|PENDING|Priority|(null)'");
    Map<String, String> cluster = Map.of("PATH", bin + ":" + System.getenv("PATH"));
    String[] submit = {
      "submit",
      "train",
      "--run",
      "run",
      "--site",
      "generic-slurm",
      "--gpu",
      "none",
      "--set",
      "data.dir=data"
    };
    assertEquals(0, belay(cluster, submit).exitCode);
    Answer second = belay(cluster, submit);
    assertEquals(7, second.exitCode, second.output);
    assertTrue(second.output.contains("train 12 is pending"), second.output);
    program(bin.resolve("squeue"), "echo '12|12|CANCELLED|None|(null)'");
    assertEquals(0, belay(cluster, submit).exitCode);
  }

  @Test
  void dryRunShowsAnArrayAwayFromTheCluster() throws Exception {
    Answer answer =
        belay(
            Map.of("PATH", "/nowhere"),
            "submit",
            "train",
            "--run",
            "a",
            "b",
            "--site",
            "generic-slurm",
            "--gpu",
            "none",
            "--dry-run",
            "--set",
            "data.dir=data");
    assertEquals(0, answer.exitCode, answer.output);
    assertTrue(answer.output.contains("#SBATCH --array=0-1\n"), answer.output);
  }

  /** Under LANG=C java knows no letter but those of ASCII. */
  @Test
  void theCommandTakesNamesOfAnyLetterInAnyLocale() throws Exception {
    Path launcher = Path.of("modules/belay").toAbsolutePath();
    for (String locale : List.of("LANG=C", "LC_ALL=C", "LANG=C.UTF-8", "LANG=xx_YY.UTF-8")) {
      String script = "cd \"$1\" && env -u LC_ALL -u LANG %s \"$2\" %s";
      String sample = "sample \"$(printf 'r\\303\\251-\\346\\274\\242-')\" --train 64 --test 16";
      Process process =
          new ProcessBuilder(
                  "bash",
                  "-c",
                  script.formatted(locale, sample),
                  "bash",
                  directory.toString(),
                  launcher.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), locale + ": " + said);
      String list = "cd \"$1\" && rm -r \"$(printf 'r\\303\\251-\\346\\274\\242-')\"";
      Process remove = new ProcessBuilder("bash", "-c", list, "bash", directory.toString()).start();
      assertEquals(0, remove.waitFor(), locale + ": " + said);
    }
  }

  private static void program(Path file, String text) throws Exception {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void dryRunWritesNothing() throws Exception {
    Answer answer =
        belay(
            Map.of(),
            "submit",
            "pipeline",
            "--run",
            "run",
            "--site",
            "gricad-bigfoot",
            "--gpu",
            "a100",
            "--besteffort",
            "--time",
            "2:00:00",
            "--project",
            "pr-x",
            "--dry-run",
            "--set",
            "data.dir=data");
    assertEquals(0, answer.exitCode, answer.output);
    assertEquals(3, answer.output.lines().filter("#OAR -p gpumodel='A100'"::equals).count());
    assertFalse(Files.exists(directory.resolve("run")));
  }

  private static String[] train(String run, String data, String... assignments) {
    List<String> words =
        new ArrayList<>(List.of("train", "--run", run, "--conf", "demo", "--backend", "cpu"));
    words.addAll(List.of("--set", "data.dir=" + data));
    for (String assignment : assignments) {
      words.addAll(List.of("--set", assignment));
    }
    return words.toArray(String[]::new);
  }

  private Attempt latest(String run) {
    List<Attempt> attempts = RunDirectory.at(directory.resolve(run)).attempts();
    return attempts.get(attempts.size() - 1);
  }

  private Answer belay(Map<String, String> environment, String... arguments) throws Exception {
    List<String> options = List.of("-Xmx256m", ClassArchive.OPTION);
    List<String> command = Jar.command(Jar.PATH, options, arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process
        .onExit()
        .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .whenComplete((p, e) -> process.destroyForcibly());
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }
}
