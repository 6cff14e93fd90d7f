package belay.conf;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a user meant. */
final class Spelling {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  /** Longer words are nobody's misspelling; the distance's time is quadratic. */
  private static final int LONGEST = 100;

  private Spelling() {}

  /** {@code "is unknown, did you mean train.epochs?"} */
  static String unknown(String word, Collection<String> known) {
    return nearest(word, known)
        .map(guess -> "is unknown, did you mean " + guess + "?")
        .orElse("is unknown; belay config lists all keys");
  }

  static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    int allowed = Math.max(2, word.length() / 4);
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= allowed)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .or(() -> inAnotherStage(word, known));
  }

  /** train.batch or extract.batch for batch. */
  private static Optional<String> inAnotherStage(String word, Collection<String> known) {
    String last = lastPart(word);
    return known.stream()
        .filter(key -> lastPart(key).equals(last))
        .reduce((some, other) -> some + " or " + other);
  }

  private static String lastPart(String key) {
    return plain(key).substring(key.lastIndexOf('.') + 1);
  }

  private static int distance(String word, String candidate) {
    return DISTANCE.apply(plain(word), plain(candidate));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
