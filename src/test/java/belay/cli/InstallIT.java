package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Belay installed into a prefix, and loaded by both systems of environment modules. */
class InstallIT {
  private static final Path TREE = Path.of("").toAbsolutePath();

  /** What a user types, with a word before each answer. */
  private static final String SESSION =
      """
      module use "$PREFIX/modulefiles"
      module load belay
      echo "path=$(command -v belay)"
      echo "home=$BELAY_HOME"
      echo "version=$(belay --version)"
      echo "completion=$(complete -p belay)"
      module unload belay
      echo "path-after=$(command -v belay)"
      echo "home-after=${BELAY_HOME:-}"
      echo "completion-after=$(complete -p belay 2>/dev/null)"
      """;

  @TempDir private Path directory;
  private Path prefix;

  @BeforeEach
  void install() throws Exception {
    prefix = directory.resolve("opt/belay-1.0");
    assertEquals("", bash("umask 077; modules/install.sh \"$PREFIX\" >/dev/null"));
  }

  @Test
  void everybodyMayReadItWhateverTheAdministratorKeepsPrivate() throws Exception {
    assertEquals("", bash("find \"$PREFIX\" ! -perm -o=r"));
  }

  @Test
  void lmodLoadsAndUnloadsIt() throws Exception {
    Optional<Path> init = first("/usr/share/lmod", "init/bash");
    assumeTrue(init.isPresent(), "Lmod is not installed");
    checkSession(". " + init.orElseThrow() + "\n");
  }

  @Test
  void environmentModulesLoadAndUnloadIt() throws Exception {
    Path command =
        Path.of(
            Optional.ofNullable(System.getenv("BELAY_TEST_MODULECMD"))
                .orElse("/usr/lib/x86_64-linux-gnu/modulecmd.tcl"));
    assumeTrue(Files.exists(command), "environment-modules is not installed");
    checkSession("module() { eval \"$(tclsh " + command + " bash \"$@\")\"; }\n");
  }

  @Test
  void theLauncherPassesArgumentsOptionsAndExitCodesOn() throws Exception {
    String launcher = "\"$PREFIX/bin/belay\" ";
    assertEquals("2\n", bash(launcher + "train --run 'a b' --no-such 2>/dev/null; echo $?"));
    assertTrue(
        bash("BELAY_JAVA_OPTS='-Xmx64m -XshowSettings:vm' " + launcher + "--version 2>&1")
            .contains("Max. Heap Size: 64.00M"));
  }

  @Test
  void theLauncherWorksThroughALinkAndSaysWhatIsMissing() throws Exception {
    assertTrue(
        bash("ln -s \"$PREFIX/bin/belay\" \"$PREFIX/../b\"; \"$PREFIX/../b\" --version")
            .startsWith("belay "));
    assertTrue(
        bash("rm \"$PREFIX/lib/belay.jar\"; \"$PREFIX/bin/belay\" --version 2>&1; echo $?")
            .matches("belay: no belay.jar in .*; build it .*\n3\n"));
    assertTrue(
        bash("JAVA_HOME=/nowhere modules/belay --version 2>&1; echo $?")
            .matches("belay: no /nowhere/bin/java; .*\n3\n"));
  }

  @Test
  void aPrefixThatAModulefileCannotHoldIsRefused() throws Exception {
    for (String odd : List.of("relative", "/tmp/a b", "/tmp/[exit]", "/tmp/$HOME")) {
      assertTrue(
          bash("modules/install.sh '" + odd + "' 2>&1; echo $?")
              .matches("install.sh: .* must be an absolute path of letters.*\n2\n"),
          odd);
    }
  }

  private void checkSession(String initialisation) throws Exception {
    String expected =
        """
        path=%1$s/bin/belay
        home=%1$s
        version=%2$s
        completion=complete -o default -F _complete_belay belay
        path-after=
        home-after=
        completion-after=
        """
            .formatted(prefix, Jar.run(directory, "--version").output().strip());
    assertEquals(expected, bash(initialisation + SESSION));
  }

  /** What a script prints, run in the source tree with PREFIX set; errors are shown. */
  private String bash(String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(TREE.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
    builder.environment().put("PREFIX", prefix.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static Optional<Path> first(String directory, String file) throws IOException {
    if (!Files.isDirectory(Path.of(directory))) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(Path.of(directory))) {
      for (Path version : versions) {
        Path found = version.resolve(file);
        if (Files.exists(found)) {
          return Optional.of(found);
        }
      }
      return Optional.empty();
    }
  }
}
