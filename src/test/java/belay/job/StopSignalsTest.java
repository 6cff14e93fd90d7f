package belay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "USR1", "USR2", "HUP", "INT"})
  void hearsTheSignalAndLivesOn(String signal) throws Exception {
    try (Child child = Child.start(StopSignalsProgram.class)) {
      assertEquals("requested false", child.line());
      child.signal(signal);
      child.say("");
      assertEquals("true " + signal, child.line());
      assertEquals("signal " + signal, child.line());
      assertEquals(0, child.exitCode());
    }
  }

  @Test
  void stopsForAReasonOfOurOwnWhateverSignalsFollow() throws Exception {
    try (Child child = Child.start(StopSignalsProgram.class, "walltime")) {
      assertEquals("requested true", child.line());
      child.signal("TERM");
      child.say("");
      assertEquals("true none", child.line());
      assertEquals("walltime", child.line());
    }
  }

  @Test
  void namesTheFirstSignalAfterAThousandMore() throws Exception {
    try (Child child = Child.start(StopSignalsProgram.class)) {
      child.line();
      child.signal("USR1");
      Thread.sleep(100); // the JVM may hand over signals of one moment in any order
      repeat(child.pid(), 1000, "USR1", "USR2", "HUP");
      child.signal("TERM");
      child.say("");
      assertEquals("true USR1", child.line());
      assertEquals(0, child.exitCode());
    }
  }

  @Test
  void oneThatIsSentTwiceInABreathIsOne() throws Exception {
    try (Child child = Child.start(StopSignalsProgram.class)) {
      child.line();
      String pid = Long.toString(child.pid());
      new ProcessBuilder("kill", "-TERM", pid, pid, pid).start().waitFor();
      child.say("");
      assertEquals("true TERM", child.line());
      assertEquals(0, child.exitCode());
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, TERM, 143", "INT, TERM, 143", "TERM, INT, 130", "INT, INT, 130"})
  void aSecondTermOrIntEndsItAtOnceWithAWord(String first, String second, int code)
      throws Exception {
    Path said = directory.resolve("said");
    List<String> redirected = List.of("sh", "-c", "exec \"$@\" 2>" + said, "sh");
    try (Child child = Child.start(redirected, StopSignalsProgram.class)) {
      child.line();
      child.signal(first);
      insist(child, second);
      assertEquals(code, child.exitCode());
      List<String> lines = Files.readAllLines(said);
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("second signal (" + second + ")"), lines.get(0));
      assertTrue(lines.get(0).contains("every file is whole"), lines.get(0));
    }
  }

  @Test
  void aSecondTermEndsAProcessThatIsStuckOnItsStandardError() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    List<String> unread = List.of("sh", "-c", "exec \"$@\" 2<>" + pipe, "sh");
    try (Child child = Child.start(unread, StopSignalsProgram.class, "stuck")) {
      child.line();
      insist(child, "TERM");
      assertEquals(128 + 15, child.exitCode());
    }
  }

  /** Repeats it until the process ends. */
  private static void insist(Child child, String signal) throws Exception {
    while (child.isAlive()) {
      child.signal(signal);
      Thread.sleep(300);
    }
  }

  @Test
  void warningsNeverEndIt() throws Exception {
    try (Child child = Child.start(StopSignalsProgram.class)) {
      child.line();
      child.signal("TERM");
      for (String warning : List.of("USR1", "USR2", "HUP")) {
        Thread.sleep(1100); // longer than a breath
        child.signal(warning);
      }
      child.say("");
      assertEquals("true TERM", child.line());
      assertEquals(0, child.exitCode());
    }
  }

  @Test
  void keepsAnIgnoredSignalIgnored() throws Exception {
    List<String> nohup = List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh");
    try (Child child = Child.start(nohup, StopSignalsProgram.class)) {
      child.line();
      child.signal("HUP");
      child.signal("TERM");
      child.say("");
      assertEquals("true TERM", child.line());
    }
  }

  @Test
  void goesOnWhereTheJvmKeepsSignalsForItself() throws Exception {
    try (Child child =
        Child.start(List.of("env", "JDK_JAVA_OPTIONS=-Xrs"), StopSignalsProgram.class)) {
      assertEquals("requested false", child.line());
      child.signal("TERM");
      assertEquals(128 + 15, child.exitCode());
    }
  }

  private static void repeat(long pid, int times, String... signals) throws Exception {
    String script =
        "for i in $(seq " + times + "); do for s in \"$@\"; do kill -$s " + pid + "; done; done";
    List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", script, "sh"));
    command.addAll(List.of(signals));
    assertEquals(0, new ProcessBuilder(command).start().waitFor());
  }
}
