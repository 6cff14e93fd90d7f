package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/networks.md means what it says. */
class NetworkDocumentTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```net\n(.*?)```");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/networks.md"));
  }

  static Stream<String> examples() throws IOException {
    return EXAMPLE.matcher(page()).results().map(NetworkDocumentTest::text).toList().stream();
  }

  private static String text(MatchResult found) {
    return found.group(1);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsANetwork(String text) {
    assertTrue(Network.parse("example", text).parameterCount() > 0);
  }

  @ParameterizedTest
  @EnumSource
  void everyLineAndItsOptionsAreThere(LineKind kind) throws IOException {
    Usage usage = kind.usage();
    String start = "| `" + String.join(" ", words(usage)) + "` |";
    String row = page().lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
    assertTrue(!row.isEmpty(), start);
    String options = row.split("\\|")[2];
    assertEquals(
        usage.options().stream().filter(o -> !List.of("from", "name").contains(o)).toList(),
        Arrays.stream(options.split("[`, ]+"))
            .filter(word -> word.contains("="))
            .map(word -> word.substring(0, word.indexOf('=')))
            .toList());
  }

  @Test
  void aMistakeIsToldAsItSays() throws IOException {
    String said =
        assertThrows(
                ConfigurationException.class,
                () -> Network.parse("mine", "input 4x4x1\nrelu\nconv 3 strides=2"))
            .getMessage();
    assertTrue(page().contains("```\n" + said + "\n```"), said);
  }

  private static List<String> words(Usage usage) {
    return Stream.concat(Stream.of(usage.kind()), usage.arguments().stream()).toList();
  }

  @Test
  void theLastExampleHasTheParametersOfResNet50InFortyLines() throws IOException {
    String text = examples().reduce((first, second) -> second).orElseThrow();
    Network network = Network.parse("resnet50", text);
    assertEquals(
        23_508_032, // of torchvision's resnet50, 25,557,032, less its classes' 2,049,000
        network.program().leadingTo(Mark.LATENT).stream()
            .flatMap(operation -> operation.parameters().stream())
            .mapToInt(Parameter::size)
            .sum());
    assertEquals(new Shape(1, 1, 2048), network.latent());
    long lines = text.lines().filter(line -> !line.isBlank()).count();
    assertTrue(lines <= 45, lines + " lines");
  }
}
