package belay.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes of text files: of JSON and of keys by their tokens, of any by lines and characters. */
final class MangledText {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|-?[0-9][0-9.eE+-]*|[a-z]+|[{}\\[\\]:,=#]");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "-1",
          "0",
          "1e400000000",
          "1e308",
          "2147483648",
          "9223372036854775808",
          "99999999999999999999999999",
          "NaN",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"+999999999-01-01T00:00:00Z\"",
          "[".repeat(20_000),
          "{\"a\":".repeat(5_000),
          "{\"a\":[{\"b\":null}]}",
          "${env:${train.seed}}",
          "${".repeat(2_000) + "}".repeat(2_000));

  private final Random random;

  private MangledText(Random random) {
    this.random = random;
  }

  /** Says what it has changed. */
  static String change(Path file, Random random) throws IOException {
    MangledText mangled = new MangledText(random);
    String text = Files.readString(file);
    List<String> said = new ArrayList<>();
    for (int times = random.nextInt(3); times >= 0; times--) {
      int kind = random.nextInt(10);
      said.add("kind " + kind);
      text = mangled.change(text, kind);
    }
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    return String.join("; ", said);
  }

  private String change(String text, int kind) {
    int at = random.nextInt(text.length() + 1);
    return switch (kind) {
      case 0, 1, 2, 3 -> replaceToken(text, VALUES.get(random.nextInt(VALUES.size())));
      case 4 -> replaceToken(text, "\"" + Poison.text(random) + "\"");
      case 5 -> replaceToken(text, Poison.text(random));
      case 6 -> text.substring(0, at);
      case 7 -> text.substring(0, at) + Poison.text(random) + text.substring(at);
      case 8 -> dropOrRepeatLine(text);
      default -> dropMember(text);
    };
  }

  private String replaceToken(String text, String by) {
    List<int[]> places = new ArrayList<>();
    Matcher tokens = TOKEN.matcher(text);
    while (tokens.find()) {
      places.add(new int[] {tokens.start(), tokens.end()});
    }
    if (places.isEmpty()) {
      return by;
    }
    int[] place = places.get(random.nextInt(places.size()));
    return text.substring(0, place[0]) + by + text.substring(place[1]);
  }

  private String dropOrRepeatLine(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int line = random.nextInt(lines.size());
    if (random.nextBoolean()) {
      lines.remove(line);
    } else {
      lines.addAll(line, java.util.Collections.nCopies(random.nextInt(3000), lines.get(line)));
    }
    return String.join("\n", lines);
  }

  /** One "name": value of a JSON object. */
  private String dropMember(String text) {
    Matcher members = Pattern.compile("\"\\w+\":\\s*(\"[^\"]*\"|[^,{}\\[\\]]+),?").matcher(text);
    List<int[]> places = new ArrayList<>();
    while (members.find()) {
      places.add(new int[] {members.start(), members.end()});
    }
    if (places.isEmpty()) {
      return "";
    }
    int[] place = places.get(random.nextInt(places.size()));
    return text.substring(0, place[0]) + text.substring(place[1]);
  }
}
