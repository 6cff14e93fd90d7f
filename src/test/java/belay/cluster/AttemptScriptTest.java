package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * jobs/attempt.sh as a process of its own. A small script stands where java would: the clusters'
 * tests show it with belay itself.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttemptScriptTest {
  @TempDir private Path directory;
  private AttemptScript script;

  @BeforeEach
  void nameRun() {
    script = new AttemptScript(directory, "a run; $(touch evil)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 99, 137})
  void passesTheExitCodeOn(int code) throws Exception {
    assertEquals(code, script.attempt("exit " + code, Map.of()).waitFor());
    assertTrue(script.log().contains("exit-code=" + code), script.log());
  }

  @Test
  void handsArgumentsOverAsTheyAre() throws Exception {
    String java = "printf '<%s>' \"$@\"";
    script
        .attempt(java, Map.of("BELAY_JAVA_OPTS", "-Xmx1g  -Da=*"), "--set", "x=$(touch evil) *")
        .waitFor();
    String expected = "<-Xmx1g><-Da=*><-jar><%s><train><--run><%s><--set><x=$(touch evil) *>";
    assertTrue(
        script.log().contains(expected.formatted(script.jar(), script.path())), script.log());
    assertFalse(Files.exists(directory.resolve("evil")));
  }

  /** A second TERM would end belay at once, in the middle of saving. */
  @Test
  void handsOnTheFirstSignalAsTermAndRepeatsAsUsr1() throws Exception {
    String java =
        """
        exec perl -e '$| = 1; $SIG{TERM} = sub { $t++ }; $SIG{USR1} = sub { $u++ }; print "up\\n";
          select(undef, undef, undef, 0.1) until $u >= 3; print "terms=$t\\n"; exit 99'
        """;
    Process attempt = script.attempt(java, Map.of("SLURM_JOB_ID", "7", "BELAY_REQUEUE", "none"));
    WatchedRun watched = script.run();
    watched.awaitLog("up\n", 1);
    while (attempt.isAlive()) {
      AttemptScript.signal("USR1", attempt);
      Thread.sleep(200); // signals of a kind that is pending are one
    }
    assertEquals(99, attempt.exitValue());
    assertEquals(1, watched.count("terms=1\n"), script.log());
    assertEquals(1, watched.count("signal=USR1"), script.log());
  }

  @Test
  void countsADeathByTermBeforeBelayListensAsASafeStop() throws Exception {
    Process attempt = script.attempt("echo up; exec sleep 60", Map.of());
    script.run().awaitLog("up\n", 1);
    AttemptScript.signal("USR2", attempt);
    assertEquals(99, attempt.waitFor());
  }

  @Test
  void doesNotTakeADeathByItselfForAStop() throws Exception {
    assertEquals(143, script.attempt("kill -TERM $$", Map.of()).waitFor());
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
    script.attempt("echo \"<$1>\"", Map.of(name, mebibytes, "SLURM_CPUS_ON_NODE", "2")).waitFor();
    assertTrue(script.log().contains("<-Xmx" + heap + "m>"), script.log());
  }

  @ParameterizedTest
  @CsvSource({
    "-Xmx1500m, 1500",
    "-Xmx1g -XX:MaxHeapSize=2G, 2048",
    "-Xmx1048576K -Da=-Xmx9g, 1024",
    "-XX:+UseSerialGC, 12288"
  })
  void tellsOfTheHeapThatJavaGets(String options, String mebibytes) throws Exception {
    Map<String, String> job = Map.of("SLURM_MEM_PER_NODE", "16384", "BELAY_JAVA_OPTS", options);
    script.attempt("true", job).waitFor();
    assertEquals(1, script.run().count(" heap-mib=" + mebibytes + "\n"), script.log());
  }

  @Test
  void tellsTheSchedulersOutputWhereTheLogIs() throws Exception {
    script.attempt("true", Map.of()).waitFor();
    script.attempt("true", Map.of()).waitFor();
    List<String> lines = Files.readAllLines(directory.resolve("output"));
    assertEquals(4, lines.size(), lines::toString); // the exit codes too
    assertTrue(
        lines.get(0).contains("log=" + script.path().resolve("logs/job.log")), lines::toString);
    assertEquals(2, script.run().count("exit-code=0"));
  }

  @Test
  void leavesNoDirectoryBehindWhereThereIsNoRunToExtractFrom() throws Exception {
    assertEquals(
        3,
        script.start(List.of("extract", script.path().toString()), "exit 3", Map.of()).waitFor());
    assertFalse(Files.exists(script.path()));
  }

  @ParameterizedTest
  @CsvSource({"trian, run", "train, --set", "train,"})
  void refusesWhatIsNoStageOrNoRun(String stage, String name) throws Exception {
    List<String> arguments = name == null ? List.of(stage) : List.of(stage, name);
    assertEquals(2, script.start(arguments, "exit 0", Map.of()).waitFor());
    assertTrue(Files.readString(directory.resolve("output")).contains("usage: attempt.sh"));
  }

  @Test
  void loadsModulesAndSourcesAFileWithArguments() throws Exception {
    Path file = directory.resolve("environment.sh");
    Files.writeString(file, "module() { echo \"module:$*\"; }; echo \"sourced:$*\"\n");
    script
        .attempt(
            "true",
            Map.of(
                "BELAY_ENVIRONMENT",
                file + " site 12.6",
                "BELAY_MODULES",
                "purge; java/17 $(touch evil)"))
        .waitFor();
    assertTrue(script.log().contains("sourced:site 12.6\n"), script.log());
    assertTrue(
        script.log().contains("module:purge\nmodule:load java/17 $(touch evil)\n"), script.log());
  }

  @Test
  void goesOnAfterAnEnvironmentFileThatEndsWithAFalseTest() throws Exception {
    Path file = Files.writeString(directory.resolve("environment.sh"), "export X=set; false\n");
    Map<String, String> environment = Map.of("BELAY_ENVIRONMENT", file.toString());
    assertEquals(0, script.attempt("echo \"x=$X\"", environment).waitFor());
    assertTrue(script.log().contains("environment.sh ended with 1\n"), script.log());
    assertTrue(script.log().contains("x=set\n"), script.log());
  }

  @Test
  void failsInOneLineWithoutTheEnvironmentFile() throws Exception {
    Map<String, String> environment = Map.of("BELAY_ENVIRONMENT", "/nowhere.sh gpu");
    assertEquals(2, script.attempt("exit 0", environment).waitFor());
    assertTrue(
        script.log().endsWith("BELAY_ENVIRONMENT=/nowhere.sh gpu cannot be read\n"), script.log());
  }

  @Test
  void readsSettingsThatAnEditorOfWindowsHasWritten() throws Exception {
    Files.createDirectories(script.path());
    Files.writeString(script.path().resolve("job.env"), "# mine\r\n\r\nBELAY_DATA_DIR=/a b\r\n");
    assertEquals(0, script.attempt("echo \"<$BELAY_DATA_DIR>\"", Map.of()).waitFor());
    assertTrue(script.log().contains("</a b>\n"), script.log());
  }

  @Test
  void failsInOneLineWithoutAJar() throws Exception {
    assertEquals(3, script.attempt("exit 0", Map.of("BELAY_JAR", "/nowhere.jar")).waitFor());
    assertTrue(
        script.log().endsWith("No jar /nowhere.jar: set BELAY_JAR or BELAY_HOME\n"), script.log());
  }
}
