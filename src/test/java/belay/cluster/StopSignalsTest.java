package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.Child;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalsTest {
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
      repeat(child.pid(), 1000, "TERM", "USR1", "USR2", "HUP", "INT");
      child.say("");
      assertEquals("true USR1", child.line());
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
