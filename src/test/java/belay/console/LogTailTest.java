package belay.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.storage.UnfitFileException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("job.log");
  }

  @ParameterizedTest
  @CsvSource({"0,''", "1,'c;'", "2,'b;c;'", "3,'a;b;c;'", "4,'a;b;c;'"})
  void beginsWithTheLastLines(int lines, String expected) throws Exception {
    Files.writeString(file, "a\nb\nc\n");
    assertEquals(expected.replace(';', '\n'), tail(lines));
    said.reset();
    Files.writeString(file, "a\nb\nc");
    assertEquals(expected.replace(';', '\n').strip(), tail(lines).strip());
  }

  @Test
  void findsThemInAFileOfManyPieces() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append(i).append('\n');
    }
    Files.writeString(file, text);
    assertEquals(text.substring(text.indexOf("\n150000\n") + 1), tail(50_000));
    said.reset();
    assertEquals(text.toString(), tail(Long.MAX_VALUE));
  }

  @Test
  void printsALineThatIsLongerThanAnyPieceAndCharactersBetweenTwo() throws Exception {
    String line = "x" + "\u00e9\ud83d\ude00".repeat(100_000) + "\n";
    Files.writeString(file, "first\n" + line);
    assertEquals(line, tail(1));
  }

  @Test
  void printsNothingThatATerminalWouldObey() throws Exception {
    Files.write(file, "a\u001b[2J\tb\r\u009b\n".getBytes(UTF_8));
    Files.write(file, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
    assertEquals("a?[2J    b??\n\ufffd\n", tail(9));
  }

  @Test
  void goesOnWithWhatIsAddedAndAgainWhenTheFileIsCut() throws Exception {
    Files.writeString(file, "a\nb\n");
    try (LogTail tail = LogTail.open(file, 1, out())) {
      tail.print(() -> {});
      Files.writeString(file, "c\n", StandardOpenOption.APPEND);
      tail.print(() -> {});
      Files.writeString(file, "d\n");
      tail.print(() -> {});
      assertFalse(tail.isReplaced());
      Files.move(file, directory.resolve("old"));
      assertFalse(tail.isReplaced());
      Files.writeString(file, "e\n");
      assertTrue(tail.isReplaced());
    }
    assertEquals("b\nc\nd\n", said.toString(UTF_8));
  }

  @Test
  void readsNoLinkAndNoPipe() throws Exception {
    Files.writeString(directory.resolve("secret"), "secret\n");
    Files.createSymbolicLink(file, directory.resolve("secret"));
    assertThrows(UnfitFileException.class, () -> tail(1));
    Files.delete(file);
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertThrows(UnfitFileException.class, () -> tail(1));
  }

  private String tail(long lines) throws Exception {
    try (LogTail tail = LogTail.open(file, lines, out())) {
      tail.print(() -> {});
    }
    return said.toString(UTF_8);
  }

  private PrintStream out() {
    return new PrintStream(said, true, UTF_8);
  }
}
