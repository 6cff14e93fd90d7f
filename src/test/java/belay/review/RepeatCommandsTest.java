package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatCommandsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "two words",
        "it's",
        "$(touch x) `id` \"quoted\" \\ back",
        "a;b&c|d<e>f*g?h[i]~!{j}",
        "",
        "umlaut ä, two\nlines",
        "''"
      })
  void theShellGivesBackWhatWasQuoted(String word) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf %s " + RepeatCommands.quote(word)).start();
    String heard = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor());
    assertEquals(word, heard);
  }

  @Test
  void eachStepIsACommandWithItsOptionsAndKeys() {
    String commands =
        RepeatCommands.of(
            "0.1.0 (abc)",
            "-my run",
            List.of(
                new Step("train", List.of(), Map.of("train.batch", "64")),
                new Step("extract", List.of("--checkpoint", "a b.h5"), Map.of())),
            List.of("so far"));
    assertEquals(
        """
        # belay 0.1.0 (abc)
        # so far
        java -jar belay.jar train --run './-my run' \\
            --set train.batch=64
        java -jar belay.jar extract --run './-my run' --checkpoint 'a b.h5'""",
        commands);
  }

  @Test
  void aDollarInAValueIsNotReplacedByBelay() {
    String commands =
        RepeatCommands.of(
            "1",
            "r",
            List.of(new Step("train", List.of(), Map.of("data.dir", "/x/${A}"))),
            List.of());
    assertTrue(commands.contains("'data.dir=/x/${$}{A}'"), commands);
  }

  @Test
  void aVersionCannotAddALine() {
    String commands = RepeatCommands.of("1\nrm -r .", "r", List.of(), List.of());
    assertFalse(commands.contains("\n"));
  }
}
