package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.BelayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list of runs, by the grammar that the job files of arrays have too. */
class RunListTest {
  @TempDir private Path directory;

  @Test
  void aLineIsARunAndItsOptions() throws IOException {
    assertEquals(
        List.of("a1 []", "a2 [--conf, quick, --set, train.seed=2]", "a3 [--backend, cpu]"),
        read("a1\na2 --set train.seed=2   --conf quick\n  a3 --backend cpu"));
  }

  @Test
  void aTabMakesBlanksPartOfTheWords() throws IOException {
    assertEquals(
        List.of("two words []", "a b [--set, data.dir=my images]", "c []"),
        read("\ttwo words\na b\t\t--set\tdata.dir=my images\nc\t\n"));
  }

  @Test
  void commentsAndEmptyLinesAreNoRuns() throws IOException {
    assertEquals(List.of("a#1 []", "b []"), read("# runs\n\n \t \na#1\n  # b0\n\t#c\nb\n\n"));
  }

  @Test
  void editorsOfWindowsChangeNothing() throws IOException {
    assertEquals(
        List.of("a1 []", "a2 [--set, train.seed=2]"),
        read("\uFEFFa1\r\n\r\n# b\r\na2 --set train.seed=2\r\n"));
  }

  @Test
  void nothingIsQuoted() throws IOException {
    assertEquals(
        List.of("'a [--set, data.dir=$HOME/\"x\"]"), read("'a --set data.dir=$HOME/\"x\"\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "a --seed 2, Unknown option",
    "a b, Unmatched argument",
    "a --set, Missing required parameter",
    "--set train.seed=2, is no option of this command"
  })
  void aMistakeIsToldWithItsLine(String line, String why) {
    String message = assertThrows(BelayException.class, () -> read("ok\n" + line)).getMessage();
    assertTrue(message.contains("list:2: ") && message.contains(why), message);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    String message =
        assertThrows(BelayException.class, () -> read("a --seed 2\nb\nc d\n")).getMessage();
    assertTrue(message.startsWith("2 problems: "), message);
    assertTrue(message.contains("list:1: ") && message.contains("list:3: "), message);
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("list"), new byte[] {'a', (byte) 0xff, '\n'});
    String message = assertThrows(BelayException.class, () -> RunList.read(file)).getMessage();
    assertTrue(message.endsWith("list is not UTF-8 text"), message);
  }

  /** The runs by name, each with its options. */
  private List<String> read(String text) throws IOException {
    Path file = directory.resolve("list");
    Files.writeString(file, text, StandardCharsets.UTF_8);
    return RunList.read(file).stream()
        .map(line -> line.directory().getFileName() + " " + line.options().words())
        .toList();
  }
}
