package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.cli.option.RunPath;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Words of the command line where a run directory should stand. */
class RunPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "submit train --run ae1 --nodelist n1 --dry-run",
        "train --run --quick",
        "extract --run -x",
        "classify --run --set",
        "pipeline --run --quick",
        "predict --run --csv2 a.png",
        "status -- --watch",
        "cancel ae1 -- --all",
        "report -- -x",
        "runs -- --all",
        "inspect -- --all"
      })
  void optionsAreNoRuns(String line) {
    String refusal = refusal(line.split(" "));
    assertTrue(
        refusal.contains("' is no option of this command, and no run directory; write ./-")
            || refusal.contains("Unknown option: '-")
            || refusal.contains("Expected parameter for option '--run' but found '-"),
        refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "report r -o --json",
        "demo --dir --json",
        "fetch -- --json",
        "sample -- -x",
        "inspect r --images --csv",
        "inspect r --data --csv",
        "trace r --data --json2",
        "trace -- --data",
        "predict a.png --model --tsv",
        "predict a.png --checkpoint --tsv",
        "predict --run r -- --tsv",
        "config --run --json",
        "config --conf --json",
        "submit train --runs --json",
        "submit train --run r --site --json"
      })
  void optionsAreNoFiles(String line) {
    String refusal = refusal(line.split(" "));
    String words = "' is no option of this command, and no file or directory; write ./-";
    assertTrue(refusal.contains(words), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "submit train --run ?",
        "train --run ?",
        "extract --run ?",
        "classify --run ?",
        "pipeline --run ?",
        "predict a.png --run ?",
        "status ?",
        "cancel ?",
        "report ?",
        "runs ?",
        "inspect ?"
      })
  void aVariableThatIsNotSetIsNoRun(String line) {
    String[] words = line.split(" ");
    words[words.length - 1] = "";
    String refusal = refusal(words);
    assertTrue(refusal.contains("must have a name; is a variable not set?"), refusal);
  }

  @Test
  void aDirectoryMayBeginWithADashAfterItsParent() {
    assertEquals(Path.of("./-x"), new RunPath().convert("./-x"));
    assertThrows(TypeConversionException.class, () -> new RunPath().convert("-x"));
  }

  @Test
  void picoclisOwnWordsShowNoPassword() {
    String refusal = refusal("fetch", "data", "--url", "http://bob:ge heim@h/x?token=TOP SECRET");
    assertTrue(refusal.contains("http://***@h/x?*** is no address"), refusal);
    assertFalse(refusal.contains("heim") || refusal.contains("SECRET"), refusal);
  }

  @Test
  void choicesAreNamedAsUsersWriteThem() {
    String refusal = refusal("submit", "predict", "--run", "r");
    assertTrue(refusal.contains("one of train, extract, classify, pipeline, not predict"), refusal);
  }

  /** What a user is told; the exit code is that of wrong usage. */
  private static String refusal(String... words) {
    StringWriter said = new StringWriter();
    CommandLine belay = Belay.commandLine().setErr(new PrintWriter(said, true));
    assertEquals(2, belay.execute(words), () -> said.toString());
    return said.toString();
  }
}
