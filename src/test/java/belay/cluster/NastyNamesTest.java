package belay.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a shell or a scheduler could take for something else, through a real bash. */
class NastyNamesTest {
  /** Says its arguments, each ended by NUL, instead of starting belay. */
  private static final String STUB =
      "#!/bin/bash\nprintf '%s\\0' \"$PWD\" \"$BELAY_NASTY\" \"$@\"\n";

  private static final BatchSystem SLURM = new SlurmBatch(SampleJobs.TIMEOUT);
  private static final BatchSystem OAR = new OarBatch(SampleJobs.TIMEOUT);

  @TempDir Path directory;

  static List<String> names() {
    return List.of(
        "two words",
        "it's",
        "''",
        "say \"so\"",
        "$(touch injected)",
        "`touch injected`",
        "; touch injected ;",
        "&& touch injected",
        "| touch injected",
        "> injected",
        "$HOME ${PATH}",
        "back\\slash\\",
        "\\'; touch injected; '",
        "* ? [a] {b,c}",
        "-rf",
        "--set",
        "~",
        "!!",
        "#SBATCH --array=1-9",
        "%j %A",
        "(round) <angle>",
        " space around ",
        "r\u00e9sum\u00e9 \u6f22\u5b57 \ud83e\uddd7");
  }

  @ParameterizedTest
  @MethodSource("names")
  void reachTheJobAsTheyAre(String name) throws Exception {
    Path work = Files.createDirectory(directory.resolve(isPath(name) ? name : "work"));
    Path run = work.resolve("run");
    JobScript script =
        new JobScript(
            "train",
            List.of(SampleJobs.run(run, "--set", "a=" + name, name)),
            SampleJobs.plain(),
            body(work, run, Map.of("BELAY_NASTY", name)));
    assertEquals(
        List.of(work.toString(), name, "train", run.toString(), "--set", "a=" + name, name),
        said(script, Map.of()));
  }

  @ParameterizedTest
  @MethodSource("names")
  void standInArraysToo(String name) throws Exception {
    Path first = directory.resolve("first");
    Path second = directory.resolve(isPath(name) ? name : "second").resolve("run");
    JobScript script =
        new JobScript(
            "train",
            List.of(SampleJobs.run(first), SampleJobs.run(second, name)),
            SampleJobs.plain(),
            body(directory, first, Map.of()));
    assertEquals(
        List.of(directory.toString(), "", "train", second.toString(), name),
        said(script, Map.of("SLURM_ARRAY_TASK_ID", "1")));
  }

  @ParameterizedTest
  @MethodSource("names")
  void addNoLineForTheScheduler(String name) {
    JobScript harmless = SampleJobs.single("train", SampleJobs.plain(), "x");
    JobScript script = SampleJobs.single("train", SampleJobs.plain(), name);
    assertEquals(directives(harmless), directives(script));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\rb",
        "a\tb",
        "\u0007",
        "\u001b[2J",
        "\u2028",
        "\u0085",
        "\ud800",
        "\ufffd"
      })
  void areRefusedWhereNoScriptCanCarryThem(String name) {
    JobScript script = SampleJobs.single("train", SampleJobs.plain(), "--set", name);
    String message =
        assertThrows(ConfigurationException.class, () -> SLURM.text(script)).getMessage();
    assertFalse(message.matches("(?s).*[\\p{Cntrl}\\x{2028}\\x{85}].*"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "a;b", "$(x)", "it's", "a%jobid%b", "\u00e9", "a\\b"})
  void areRefusedInPathsThatOarWouldGiveToAShell(String name) {
    JobScript script =
        new JobScript(
            "train",
            List.of(SampleJobs.run(Path.of("/runs/" + ascii(name)))),
            SampleJobs.plain(),
            SampleJobs.body());
    String message =
        assertThrows(ConfigurationException.class, () -> OAR.text(script)).getMessage();
    assertTrue(message.contains("use a run directory whose path"), message);
  }

  @Test
  void ofRunsBecomeHarmlessNamesOfJobs() {
    JobScript script =
        new JobScript(
            "train",
            List.of(SampleJobs.run(Path.of("/runs/a b\"; --array=1-9 #"))),
            SampleJobs.plain(),
            SampleJobs.body());
    assertTrue(SLURM.text(script).contains("#SBATCH --job-name=belay-train-a_b_--array_1-9_\n"));
    assertTrue(SLURM.text(script).contains("#SBATCH --output=/dev/null\n"));
  }

  @Test
  void oarsArraysTakeTheirRunByNumber() throws Exception {
    JobScript script =
        new JobScript(
            "train",
            List.of(
                SampleJobs.run(directory.resolve("r0")),
                SampleJobs.run(directory.resolve("r1"), "it's")),
            SampleJobs.plain(),
            body(directory, directory.resolve("r0"), Map.of()));
    Path file = write(script, OAR);
    assertEquals(
        List.of(directory.toString(), "", "train", directory + "/r1", "it's"),
        run(List.of("bash", file.toString(), "1"), Map.of()));
  }

  private static JobBody body(Path directory, Path run, Map<String, String> variables) {
    return new JobBody(directory, run.resolve("jobs/attempt.sh"), null, variables);
  }

  /** A file system takes them, if this JVM may hand them over in this locale. */
  private static boolean isPath(String name) {
    boolean isUnicode = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    return isUnicode || name.chars().allMatch(c -> c < 128);
  }

  private static String ascii(String name) {
    return isPath(name) ? name : "two words";
  }

  private static List<String> directives(JobScript script) {
    return SLURM.text(script).lines().filter(line -> line.startsWith("#")).toList();
  }

  private List<String> said(JobScript script, Map<String, String> environment) throws Exception {
    return run(List.of("bash", write(script, SLURM).toString()), environment);
  }

  /** With the stub where the script expects the job body. */
  private Path write(JobScript script, BatchSystem batch) throws IOException {
    Files.createDirectories(script.directory());
    Path stub = script.directory().resolve(JobBody.ATTEMPT);
    Files.writeString(stub, STUB);
    assertTrue(stub.toFile().setExecutable(true));
    return Files.writeString(directory.resolve("script"), batch.text(script));
  }

  private List<String> run(List<String> command, Map<String, String> environment) throws Exception {
    ProcessBuilder bash = new ProcessBuilder(command).directory(directory.toFile());
    bash.environment().putAll(environment);
    bash.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = bash.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor());
    assertFalse(Files.exists(directory.resolve("injected")));
    return Arrays.asList(out.substring(0, out.length() - 1).split("\0", -1));
  }
}
