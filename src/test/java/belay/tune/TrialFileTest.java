package belay.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.BusyException;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials that outlive their process, and lines that nobody may believe. */
class TrialFileTest {
  private static final Trial TRIAL =
      new Trial(
          "grid",
          Map.of("train.learning-rate", "0.1", "train.weight-decay", "0"),
          List.of(new Point(1, 2.5, 0.1, Math.PI, Double.NaN), new Point(2, 1, 1, 1, 1)),
          false,
          1.25);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("tune.jsonl");
  }

  private TrialFile open() {
    return TrialFile.open(file, Fence.NONE);
  }

  @Test
  void whatIsKeptIsThereAgainToTheBit() {
    open().keep("one", TRIAL);
    open().keep("two", TRIAL);
    assertEquals(Optional.of(TRIAL), open().find("one"));
    assertEquals(Optional.of(TRIAL), open().find("two"));
    assertEquals(Optional.empty(), open().find("three"));
  }

  @Test
  void aLineThatWasChangedCountsForNothing() throws IOException {
    open().keep("one", TRIAL);
    String text = Files.readString(file);
    assertTrue(text.contains("2.5"), text);
    for (String change : List.of("2.5>2.6", "\"one\">\"two\"", "false>true", "0.1>0.2")) {
      String[] sides = change.split(">");
      Files.writeString(file, text.replaceFirst(sides[0], sides[1]));
      assertEquals(Optional.empty(), open().find("one"), change);
      assertEquals(Optional.empty(), open().find("two"), change);
    }
  }

  @Test
  void aTornLineIsCutOffByTheNext() throws IOException {
    open().keep("one", TRIAL);
    String line = Files.readString(file);
    Files.writeString(file, line.substring(0, line.length() / 2), StandardOpenOption.APPEND);
    open().keep("two", TRIAL);
    assertEquals(Optional.of(TRIAL), open().find("one"));
    assertEquals(Optional.of(TRIAL), open().find("two"));
    assertEquals(line.replace("one", "two").length(), Files.readAllLines(file).get(1).length() + 1);
  }

  @Test
  void nothingIsWrittenIntoARunThatBelongsToAnother() {
    TrialFile lost =
        TrialFile.open(
            file,
            () -> {
              throw new BusyException("lost");
            });
    assertThrows(BusyException.class, () -> lost.keep("one", TRIAL));
    assertTrue(Files.notExists(file));
  }
}
