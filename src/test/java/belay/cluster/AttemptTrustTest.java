package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody else can do who may write into a run directory: share its results, and neither run
 * code as the user of the job nor change that user's other files.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttemptTrustTest {
  private static final String NOBODY = "65534";

  @TempDir private Path directory;
  private AttemptScript script;
  private Path settings;
  private Path precious;

  @BeforeEach
  void makeRun() throws Exception {
    script = new AttemptScript(directory, "a run\n * $(touch injected)\n");
    Files.createDirectories(script.path().resolve("logs"));
    Path evil = Files.writeString(directory.resolve("evil.sh"), "touch injected\n");
    settings = script.path().resolve("job.env");
    Files.writeString(settings, "BELAY_ENVIRONMENT=" + evil + "\n");
    precious = Files.writeString(directory.resolve("precious"), "mine\n");
  }

  @Test
  void takesTheSettingsOfItsUser() throws Exception {
    assertEquals(0, attempt());
    assertTrue(Files.exists(directory.resolve("injected")), script.log());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-", "rwxrwxrwx"})
  void refusesSettingsThatOthersMayWrite(String mode) throws Exception {
    Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString(mode));
    assertRefused("may be written by others", "chmod go-w " + settings);
  }

  @Test
  void refusesSettingsOfAnotherUser() throws Exception {
    change("chown", NOBODY, settings);
    assertRefused("belongs to nobody", "remove it, or chown root " + settings);
  }

  @Test
  void takesSettingsOfRootAndOfWhoeverInstalledTheScript() throws Exception {
    Path prefix = Files.createDirectories(directory.resolve("prefix/jobs"));
    Path copy = Files.copy(Path.of("jobs/attempt.sh"), prefix.resolve("attempt.sh"));
    Path site = Files.writeString(prefix.resolve("job.env"), "BELAY_DATA_DIR=/site\n");
    change("chown", "12345", copy);
    change("chown", "12345", site);
    Files.writeString(settings, "BELAY_SEED=1\n"); // root's
    change("chown", "-R", NOBODY, script.path().resolve("logs"));
    change("chmod", "-R", "go+rX", directory);
    ProcessBuilder user =
        new ProcessBuilder("setpriv", "--reuid=" + NOBODY, "--clear-groups", copy.toString());
    user.command().add("train");
    user.command().add(script.path().toString());
    user.environment().put("BELAY_JAVA", "/bin/echo");
    user.environment().put("BELAY_JAR", copy.toString());
    assertEquals(0, user.directory(directory.toFile()).start().waitFor(), script.log());
    change("chown", "54321", site);
    assertEquals(2, user.start().waitFor());
    assertTrue(script.log().contains("belongs to "), script.log());
  }

  @Test
  void refusesSettingsBehindALinkAndInAPipe() throws Exception {
    Files.move(settings, directory.resolve("elsewhere"));
    Files.createSymbolicLink(settings, directory.resolve("elsewhere"));
    assertRefused("is a link or no regular file");
    Files.delete(settings);
    change("mkfifo", settings);
    assertRefused("is a link or no regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"symbolic", "hard", "dangling"})
  void writesNoLogThroughALink(String kind) throws Exception {
    link(kind, script.path().resolve("logs/job.log"));
    assertRefused("job.log is a link or no regular file, so that nothing is written");
    assertUntouched();
  }

  /** Whoever may rename in the run directory has all the time between a look and an opening. */
  @Test
  void writesNoLogThroughALinkThatComesAndGoes() throws Exception {
    String swap =
        """
        chdir "$ARGV[0]/logs"; while () {
          symlink "../../precious", "next"; rename "next", "job.log";
          open F, ">next"; close F; rename "next", "job.log"; }
        """;
    String run = script.path().toString();
    Process attacker = new ProcessBuilder("perl", "-e", swap, run).start();
    try {
      for (int attempt = 0; attempt < 60; attempt++) {
        attempt();
      }
    } finally {
      attacker.destroyForcibly().waitFor();
    }
    assertUntouched();
  }

  @Test
  void writesNoLogIntoALinkedDirectory() throws Exception {
    Files.delete(script.path().resolve("logs"));
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(script.path().resolve("logs"), elsewhere);
    assertRefused("logs is a link, expected a directory");
    assertEquals(0, Files.list(elsewhere).count());
  }

  @Test
  void writesItsLogWhereTheRunDirectoryAsAWholeIsALink() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), script.path());
    assertEquals(0, new AttemptScript(directory, "link").attempt("true", Map.of()).waitFor());
    assertTrue(script.log().contains("exit-code=0"), link + script.log());
  }

  @Test
  void replacesALinkThatStandsForTheLastExit() throws Exception {
    Path last = script.path().resolve("logs/last-exit.json");
    Files.createSymbolicLink(last, precious);
    Files.createSymbolicLink(last.resolveSibling(".last-exit.json.partial"), precious);
    assertEquals(0, attempt());
    assertTrue(Files.isRegularFile(last, LinkOption.NOFOLLOW_LINKS), script.log());
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(strings = {"symbolic", "hard", "dangling"})
  void recordsNoSuccessorThroughALink(String kind) throws Exception {
    Path jobs = Files.createDirectory(script.path().resolve("jobs"));
    link(kind, jobs.resolve("submitted.jsonl"));
    script.command("sbatch", "echo 8");
    script.command("scontrol", "echo Partition=normal");
    script.command("squeue", "true");
    Map<String, String> job =
        Map.of("PATH", script.searchPath(), "SLURM_JOB_ID", "7", "BELAY_REQUEUE", "sbatch");
    Process attempt = script.attempt("kill -USR1 $PPID; exec sleep 60", job);
    assertEquals(3, attempt.waitFor(), script.log());
    assertTrue(script.log().contains("submitted.jsonl is a link"), script.log());
    assertUntouched();
  }

  private void link(String kind, Path link) throws Exception {
    switch (kind) {
      case "symbolic" -> Files.createSymbolicLink(link, precious);
      case "hard" -> Files.createLink(link, precious);
      default -> Files.createSymbolicLink(link, directory.resolve("absent"));
    }
  }

  private void assertUntouched() throws Exception {
    assertEquals("mine\n", Files.readString(precious));
    assertFalse(Files.exists(directory.resolve("absent")));
  }

  private int attempt() throws Exception {
    return script.attempt("true", Map.of()).waitFor();
  }

  /** In one line, and before anything of it counts. */
  private void assertRefused(String... words) throws Exception {
    int code = script.attempt("touch injected", Map.of()).waitFor();
    assertTrue(code == 2 || code == 3, "exit code " + code);
    for (String word : words) {
      assertTrue(script.output().contains(word), script.output());
    }
    assertFalse(Files.exists(directory.resolve("injected")));
  }

  private static void change(String program, Object... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(program);
    for (Object argument : arguments) {
      builder.command().add(argument.toString());
    }
    boolean isForRoot = program.equals("chown");
    assumeTrue(!isForRoot || System.getProperty("user.name").equals("root"), "needs root");
    assertEquals(0, builder.inheritIO().start().waitFor());
  }
}
