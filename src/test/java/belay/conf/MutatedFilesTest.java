package belay.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.error.ConfigurationException;
import belay.log.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files load or give one clear line; nothing else is ever thrown. */
class MutatedFilesTest {
  private static final int FILES = 500;
  private static final int LONGEST_MESSAGE = 8000;
  private static final List<String> POISON =
      List.of(
          "${",
          "}",
          "${${",
          "${env:",
          "${env:HOME:-",
          "${}",
          "$${",
          "$",
          ":-",
          "\\",
          "\\u12",
          "\\ud800",
          "\u2028",
          "\u0085",
          "\n",
          "\r",
          "\0",
          "=",
          ":",
          "#",
          " ",
          "include=",
          "\t",
          "-",
          "e9",
          "~",
          ",");

  @TempDir Path dir;

  @Test
  void mutatedFilesLoadOrGiveOneLine() throws IOException {
    byte[] whole = defaults();
    Random random = new Random(20240607);
    int loaded = 0;
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = whole;
      for (int times = random.nextInt(4); times >= 0; times--) {
        bytes = mutate(bytes, random);
      }
      loaded += loads(Files.write(dir.resolve("mutated.properties"), bytes)) ? 1 : 0;
    }
    // Both outcomes must occur, or the mutations would test nothing.
    assertTrue(loaded > FILES / 20 && loaded < FILES * 19 / 20, loaded + " loaded");
  }

  @Test
  void poisonedValuesLoadOrGiveOneLine() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < FILES; i++) {
      StringBuilder text = new StringBuilder();
      for (Key<?> key : Keys.all()) {
        text.append(key.name()).append(" = ");
        for (int parts = random.nextInt(4); parts >= 0; parts--) {
          text.append(POISON.get(random.nextInt(POISON.size())));
        }
        text.append('\n');
      }
      loads(Files.writeString(dir.resolve("poisoned.properties"), text));
    }
  }

  private static boolean loads(Path file) {
    ConfigurationSources sources =
        ConfigurationSources.of(Map.of("HOME", "/home/me")).withFiles(List.of(file.toString()));
    try {
      Configuration configuration = Configuration.load(sources);
      assertEquals(Keys.all().size(), configuration.entries().size());
      return true;
    } catch (ConfigurationException e) {
      String message = e.getMessage();
      assertTrue(message.contains(file.toString()), message);
      assertFalse(message.contains("Exception"), message);
      assertTrue(message.lines().count() == 1 && message.length() < LONGEST_MESSAGE, message);
      assertTrue(Printable.is(message), message);
      return false;
    }
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int length = random.nextInt(Math.min(40, bytes.length - at));
    byte[] poison = POISON.get(random.nextInt(POISON.size())).getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, Math.max(1, at));
      case 1 -> replace(bytes, at, length, new byte[0]);
      case 2 -> replace(bytes, at, length, Arrays.copyOfRange(bytes, at / 2, at / 2 + length));
      case 3 -> replace(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
      case 4 -> replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      default -> replace(bytes, at, 0, poison);
    };
  }

  private static byte[] replace(byte[] bytes, int at, int length, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(by);
    out.write(bytes, at + length, bytes.length - at - length);
    return out.toByteArray();
  }

  private static byte[] defaults() throws IOException {
    try (InputStream in = Keys.class.getResourceAsStream("/conf/belay.properties")) {
      return in.readAllBytes();
    }
  }
}
