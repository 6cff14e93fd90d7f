package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** modules/belay, the launcher, and signals that come before belay hears any. */
class LauncherIT {
  private static final int STARTS = 12;

  private final Random random = new Random(Long.getLong("belay.test.seed", 1));

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"USR1, 0", "USR2, 0", "TERM, 143", "INT, 130", "HUP, 129"})
  void aSignalInTheFirstMomentsNeverCrashesAndAWarningNeverKills(String signal, int death)
      throws Exception {
    Set<Integer> codes = new TreeSet<>();
    for (int start = 0; start < STARTS; start++) {
      Process belay = start("config", "--keys");
      awaitJava(belay);
      Thread.sleep(random.nextInt(300));
      kill(signal, belay);
      codes.add(belay.waitFor());
    }
    codes.remove(0);
    codes.remove(death);
    assertEquals(Set.of(), codes);
    assertEquals(List.of(), crashes());
  }

  @Test
  void warningsAreHeardOnceItListens() throws Exception {
    assertEquals(0, start("sample", "data", "--train", "100", "--test", "20").waitFor());
    for (String signal : List.of("USR1", "USR2")) {
      Process train =
          start(
              "train",
              "--run",
              signal,
              "--conf",
              "demo",
              "--set",
              "data.dir=data",
              "--set",
              "train.epochs=100000");
      Path log = directory.resolve(signal).resolve("logs/belay.log");
      while (!Files.exists(log) || !Files.readString(log).contains("epoch=1 ")) {
        assertTrue(train.isAlive());
        Thread.sleep(20);
      }
      kill(signal, train);
      assertEquals(99, train.waitFor());
      assertTrue(
          Files.readString(directory.resolve(signal).resolve("attempts.jsonl"))
              .contains("signal " + signal));
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(Child.HEARING_ALL_SIGNALS);
    command.add(Path.of("modules/belay").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectErrorStream(true).redirectOutput(new File("/dev/null"));
    builder.environment().put("BELAY_JAR", Jar.PATH.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  /** Until the launcher has become java: a shell that has read nothing yet dies of any signal. */
  private static void awaitJava(Process launcher) throws Exception {
    Path name = Path.of("/proc/" + launcher.pid() + "/comm");
    while (!Files.readString(name).equals("java\n")) {
      Thread.sleep(1);
    }
  }

  private List<String> crashes() {
    return List.of(directory.toFile().list((folder, name) -> name.startsWith("hs_err")));
  }

  private static void kill(String signal, Process process) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }
}
