package belay.chaos;

import java.util.List;
import java.util.Random;

/** Texts and words that programs trip over. */
final class Poison {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "-1",
          "0",
          "1",
          "2147483648",
          "99999999999999999999999999",
          "1e999999999",
          "1e-999999999",
          "NaN",
          "null",
          "true",
          "abc",
          "../../../../dev/zero",
          "/dev/zero",
          "/proc/self/mem",
          "ckpt-999999999999.h5",
          "a\tb",
          "a\nb",
          "\u001b[2J\u001b[31m",
          "\u202e\u2028\u0085",
          "\ud83d\ude00 größer",
          "\ufeff",
          "\u0000".replace('\u0000', '\u0001'),
          "${env:${train.seed}}",
          "${train.seed}${",
          "<script>alert(1)</script>",
          "'; drop table runs; --",
          "input 9999x9999x9999",
          "2026-01-01T00:00:00Z",
          "+999999999-01-01T00:00:00Z",
          "-999999999-01-01T00:00:00Z");

  private static final List<String> WORDS =
      List.of(
          "x",
          "w",
          "extra",
          "epoch",
          "größe",
          "a b",
          "a\nb",
          "a\u0007b",
          "..",
          "second_moment",
          "names");

  private Poison() {}

  static String text(Random random) {
    if (random.nextInt(20) == 0) {
      return "long ".repeat(random.nextInt(12_000));
    }
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  static String word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  /** For a line of a log. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > 60 ? line.substring(0, 60) + ".." : line;
  }
}
