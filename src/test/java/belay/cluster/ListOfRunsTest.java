package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The grammar of lists, as jobs/list.sh reads them. */
class ListOfRunsTest {
  private static final String LIST =
      "\uFEFF# a comment, behind a byte-order mark\r\n"
          + "\r\n"
          + "a1 --set  train.seed=2 \r\n"
          + " \t \n"
          + "  # another one\n"
          + "  a2\n"
          + "five six\t--set\ttrain.seed=3\r\n"
          + "\t# and one more\n"
          + "$(touch evil) 'q r' * \\ #x\n"
          + "r\u00e9sum\u00e9-\u6f22\u5b57"; // no newline at the end

  @TempDir private Path directory;

  @Test
  void aLineIsARunAndItsOptions() throws Exception {
    assertEquals(
        List.of(
            "<a1><--set><train.seed=2>",
            "<a2>",
            "<five six><--set><train.seed=3>",
            "<$(touch><evil)><'q><r'><*><\\><#x>",
            "<r\u00e9sum\u00e9-\u6f22\u5b57>",
            "none"),
        read(LIST));
    assertFalse(Files.exists(directory.resolve("evil")));
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstRun() throws Exception {
    assertEquals(List.of("<a1>", "none"), read("\uFEFFa1\r\n"));
  }

  @Test
  void aListOfNothingHasNoRuns() throws Exception {
    assertEquals(List.of("none"), read("\uFEFF\r\n\r\n# nothing\r\n"));
  }

  private List<String> read(String text) throws Exception {
    Path list = Files.writeString(directory.resolve("- a list"), text);
    String script =
        """
        source "$1/jobs/list.sh"
        for ((n = 1; ; n++)); do
            read_run "$2" "$n" || { echo none; exit; }
            printf '<%s>' "${fields[@]}"
            echo
            counted=$(list_runs "$2" | wc -l)
            ((n <= counted)) || echo "only $counted are counted"
        done
        """;
    String root = Path.of("").toAbsolutePath().toString();
    Process bash =
        new ProcessBuilder("bash", "-c", script, "bash", root, list.getFileName().toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return said.lines().toList();
  }
}
