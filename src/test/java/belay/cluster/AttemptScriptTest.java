package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * jobs/attempt.sh as a process of its own. A small script stands where java would: the clusters'
 * tests show it with belay itself.
 */
class AttemptScriptTest {
  private static final String SCRIPT = Path.of("jobs/attempt.sh").toAbsolutePath().toString();

  @TempDir private Path directory;
  private Path run;

  @BeforeEach
  void nameRun() {
    run = directory.resolve("a run; $(touch evil)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 99, 137})
  void passesTheExitCodeOn(int code) throws Exception {
    assertEquals(code, attempt("exit " + code, Map.of()).waitFor());
    assertTrue(log().contains("exit-code=" + code), log());
  }

  @Test
  void handsArgumentsOverAsTheyAre() throws Exception {
    String java = "printf '<%s>' \"$@\"";
    attempt(java, Map.of("BELAY_JAVA_OPTS", "-Xmx1g  -Da=*"), "--set", "x=$(touch evil) *")
        .waitFor();
    String expected = "<-Xmx1g><-Da=*><-jar><%s><train><--run><%s><--set><x=$(touch evil) *>";
    assertTrue(log().contains(expected.formatted(jar(), run)), log());
    assertFalse(Files.exists(directory.resolve("evil")));
  }

  @Test
  void waitsForTheEndHoweverOftenASignalComes() throws Exception {
    Process attempt =
        attempt(
            "trap 't=$((t + 1))' TERM; trap 'n=$((n + 1))' HUP; echo up;"
                + " until ((n >= 3)); do sleep 0.1; done; echo \"terms=$t\"; exit 99",
            Map.of());
    WatchedRun watched = new WatchedRun(run);
    watched.awaitLog("up\n", 1);
    while (attempt.isAlive()) {
      signal("USR1", attempt);
      Thread.sleep(200); // signals of a kind that is pending are one
    }
    assertEquals(99, attempt.exitValue());
    assertEquals(1, watched.count("signal=USR1"), log());
    assertEquals(1, watched.count("terms=1"), log()); // a second would end belay at once
  }

  @Test
  void countsADeathByTermBeforeBelayListensAsASafeStop() throws Exception {
    Process attempt = attempt("echo up; exec sleep 60", Map.of());
    new WatchedRun(run).awaitLog("up\n", 1);
    signal("USR2", attempt);
    assertEquals(99, attempt.waitFor());
  }

  @Test
  void doesNotTakeADeathByItselfForAStop() throws Exception {
    assertEquals(143, attempt("kill -TERM $$", Map.of()).waitFor());
  }

  @ParameterizedTest
  @CsvSource({
    "SLURM_MEM_PER_NODE, 16384, 12288",
    "SLURM_MEM_PER_NODE, 65536, 61440",
    "SLURM_MEM_PER_NODE, 1024, 512",
    "SLURM_MEM_PER_NODE, 400, 200",
    "SLURM_MEM_PER_CPU, 4000, 6000"
  })
  void leavesMemoryBesidesTheHeap(String name, String mebibytes, String heap) throws Exception {
    attempt("echo \"<$1>\"", Map.of(name, mebibytes, "SLURM_CPUS_ON_NODE", "2")).waitFor();
    assertTrue(log().contains("<-Xmx" + heap + "m>"), log());
  }

  @Test
  void tellsTheSchedulersOutputWhereTheLogIs() throws Exception {
    attempt("true", Map.of()).waitFor();
    attempt("true", Map.of()).waitFor();
    List<String> lines = Files.readAllLines(directory.resolve("output"));
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("log=" + run.resolve("logs/job.log")), lines::toString);
    assertEquals(2, new WatchedRun(run).count("exit-code=0"));
  }

  @Test
  void leavesNoDirectoryBehindWhereThereIsNoRunToExtractFrom() throws Exception {
    assertEquals(3, start(List.of("extract", run.toString()), "exit 3", Map.of()).waitFor());
    assertFalse(Files.exists(run));
  }

  @ParameterizedTest
  @CsvSource({"trian, run", "train, --set", "train,"})
  void refusesWhatIsNoStageOrNoRun(String stage, String name) throws Exception {
    List<String> arguments = name == null ? List.of(stage) : List.of(stage, name);
    assertEquals(2, start(arguments, "exit 0", Map.of()).waitFor());
    assertTrue(Files.readString(directory.resolve("output")).contains("usage: attempt.sh"));
  }

  @Test
  void loadsModulesAndSourcesAFileWithArguments() throws Exception {
    Path file = directory.resolve("environment.sh");
    Files.writeString(file, "module() { echo \"module:$*\"; }; echo \"sourced:$*\"\n");
    attempt(
            "true",
            Map.of(
                "BELAY_ENVIRONMENT",
                file + " site 12.6",
                "BELAY_MODULES",
                "purge; java/17 $(touch evil)"))
        .waitFor();
    assertTrue(log().contains("sourced:site 12.6\n"), log());
    assertTrue(log().contains("module:purge\nmodule:load java/17 $(touch evil)\n"), log());
  }

  @Test
  void goesOnAfterAnEnvironmentFileThatEndsWithAFalseTest() throws Exception {
    Path file = Files.writeString(directory.resolve("environment.sh"), "export X=set; false\n");
    Map<String, String> environment = Map.of("BELAY_ENVIRONMENT", file.toString());
    assertEquals(0, attempt("echo \"x=$X\"", environment).waitFor());
    assertTrue(log().contains("environment.sh ended with 1\n"), log());
    assertTrue(log().contains("x=set\n"), log());
  }

  @Test
  void failsInOneLineWithoutTheEnvironmentFile() throws Exception {
    Map<String, String> environment = Map.of("BELAY_ENVIRONMENT", "/nowhere.sh gpu");
    assertEquals(2, attempt("exit 0", environment).waitFor());
    assertTrue(log().endsWith("BELAY_ENVIRONMENT=/nowhere.sh gpu cannot be read\n"), log());
  }

  @Test
  void readsSettingsThatAnEditorOfWindowsHasWritten() throws Exception {
    Files.createDirectories(run);
    Files.writeString(run.resolve("job.env"), "# mine\r\n\r\nBELAY_DATA_DIR=/a b\r\n");
    assertEquals(0, attempt("echo \"<$BELAY_DATA_DIR>\"", Map.of()).waitFor());
    assertTrue(log().contains("</a b>\n"), log());
  }

  @Test
  void failsInOneLineWithoutAJar() throws Exception {
    assertEquals(3, attempt("exit 0", Map.of("BELAY_JAR", "/nowhere.jar")).waitFor());
    assertTrue(log().endsWith("No jar /nowhere.jar: set BELAY_JAR or BELAY_HOME\n"), log());
  }

  @Test
  void recordsTheJobThatTakesItsPlaceForStatusAndCancel() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    program(bin.resolve("sbatch"), "cat; echo '8;somewhere'");
    program(bin.resolve("scontrol"), "true");
    program(bin.resolve("squeue"), "echo 'normal|(null)|1:00|N/A'");
    Map<String, String> job =
        Map.of(
            "PATH", bin + ":" + System.getenv("PATH"),
            "SLURM_JOB_ID", "7",
            "SLURM_ARRAY_JOB_ID", "5",
            "SLURM_ARRAY_TASK_ID", "2",
            "SLURM_JOB_NAME", "belay-train",
            "BELAY_REQUEUE", "sbatch");
    assertEquals(99, attempt("exit 99", job).waitFor());
    SubmittedJobs jobs = new SubmittedJobs(run);
    SubmittedJob next = jobs.read().get(0);
    assertEquals("8_2", next.job(), log());
    assertEquals("train", next.stage());
    assertTrue(next.isSuccessor());
    assertEquals(Instant.EPOCH, jobs.lastRequest()); // a limit on attempts goes on counting
  }

  private Process attempt(String java, Map<String, String> environment, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", run.toString()));
    arguments.addAll(List.of(options));
    return start(arguments, java, environment);
  }

  /** Started in the directory, its output appended to a file there. */
  private Process start(List<String> arguments, String java, Map<String, String> environment)
      throws IOException {
    Path program = directory.resolve("java");
    program(program, java);
    Files.writeString(jar(), "");
    List<String> command = new ArrayList<>(List.of(SCRIPT));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(BELAY|SLURM|OAR)_.*|LMOD_PKG|MODULESHOME"));
    builder.environment().put("BELAY_JAVA", program.toString());
    builder.environment().put("BELAY_JAR", jar().toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private Path jar() {
    return directory.resolve("belay.jar");
  }

  private String log() {
    return new WatchedRun(run).log();
  }

  private static void signal(String name, Process process) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
