package belay.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  private static final Note FIRST = new Note(1, "\u00e9");
  private static final Note SECOND = new Note(2, "\u20ac");
  private static final Note THIRD = new Note(3, "");

  @TempDir Path directory;
  private Path file;
  private JsonLines<Note> notes;

  private record Note(int number, String text) {}

  @BeforeEach
  void open() {
    file = directory.resolve("notes.jsonl");
    notes = new JsonLines<>(file, Note.class);
  }

  @Test
  void isEmptyWithoutAFile() throws IOException {
    assertEquals(List.of(), notes.read());
  }

  @Test
  void appendsLines() throws IOException {
    notes.append(FIRST);
    notes.append(SECOND);
    assertEquals(List.of(FIRST, SECOND), notes.read());
    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void goesOnAfterALineTornAtAnyByte() throws IOException {
    notes.append(FIRST);
    int kept = (int) Files.size(file);
    notes.append(SECOND);
    byte[] whole = Files.readAllBytes(file);
    for (int length = kept; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      boolean onlyItsEndIsMissing = length == whole.length - 1;
      List<Note> left = onlyItsEndIsMissing ? List.of(FIRST, SECOND) : List.of(FIRST);
      assertEquals(left, notes.read(), length + " bytes");
      notes.append(THIRD);
      assertEquals(left.size() + 1, notes.read().size(), length + " bytes");
      assertEquals(left.size() + 1, Files.readAllLines(file).size(), length + " bytes");
    }
  }

  @Test
  void cutsOffWhatAPowerCutLeft() throws IOException {
    notes.append(FIRST);
    byte[] line = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(line, line.length + 4096)); // zeros, as of an unwritten block
    notes.append(SECOND);
    assertEquals(List.of(FIRST, SECOND), notes.read());
    assertTrue(Files.size(file) < 4096);
  }

  @Test
  void replacesAllLines() throws IOException {
    notes.append(FIRST);
    notes.rewrite(List.of(SECOND, THIRD));
    assertEquals(List.of(SECOND, THIRD), notes.read());
  }
}
