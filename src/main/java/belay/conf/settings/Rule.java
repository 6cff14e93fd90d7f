package belay.conf.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a value may be.
 *
 * @param range allowed values, to be read after "must be"
 * @param reader from text without surrounding space to the value; throws IllegalArgumentException
 *     if the text is not allowed
 */
record Rule<T>(String range, Function<String, T> reader) {
  private static final String DECIMAL = "[-+.0-9eE]+";

  /** The value, or nothing if the text is not allowed. */
  Optional<T> read(String text) {
    try {
      return Optional.of(reader.apply(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Rule<Integer> whole(int low, int high) {
    return new Rule<>(low + ".." + high, text -> (int) within(Integer.parseInt(text), low, high));
  }

  static Rule<Integer> powerOfTwo(int high) {
    return new Rule<>(
        "a power of two, 1.." + high,
        text -> {
          int value = Integer.parseInt(text);
          return Integer.highestOneBit((int) within(value, 1, high)) == value ? value : none();
        });
  }

  private static <T> T none() {
    throw new IllegalArgumentException();
  }

  static Rule<Integer> atLeast(int low) {
    return new Rule<>(
        "at least " + low, text -> (int) within(Integer.parseInt(text), low, Integer.MAX_VALUE));
  }

  static Rule<Long> seed() {
    return new Rule<>(
        "a whole number from 0", text -> within(Long.parseLong(text), 0, Long.MAX_VALUE));
  }

  /** Low is allowed, high is not. */
  static Rule<Double> below(double low, double high) {
    return new Rule<>(
        "at least " + plain(low) + " and below " + plain(high),
        text -> required(decimal(text), low, Math.nextDown(high)));
  }

  static Rule<Double> share() {
    return between(0, 1);
  }

  /** Both are allowed. */
  static Rule<Double> between(double low, double high) {
    return new Rule<>(plain(low) + ".." + plain(high), text -> required(decimal(text), low, high));
  }

  /** Low is not allowed, high is. */
  static Rule<Double> above(double low, double high) {
    return new Rule<>(
        "above " + plain(low) + " and at most " + plain(high),
        text -> required(decimal(text), Math.nextUp(low), high));
  }

  /** Zero and above. */
  static Rule<Double> limit() {
    return new Rule<>("at least 0", text -> required(decimal(text), 0, Float.MAX_VALUE));
  }

  static Rule<Boolean> yesOrNo() {
    return new Rule<>(
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException();
            });
  }

  static <E extends Enum<E>> Rule<E> choice(Class<E> type) {
    List<String> words = Arrays.stream(type.getEnumConstants()).map(Rule::word).toList();
    return new Rule<>(
        words.stream().collect(Collectors.joining(", ", "one of ", "")),
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  static Rule<OptionalInt> autoOr(Rule<Integer> number) {
    return new Rule<>(
        "auto or " + number.range(),
        text ->
            text.equals("auto")
                ? OptionalInt.empty()
                : OptionalInt.of(number.reader().apply(text)));
  }

  static Rule<OptionalDouble> scaleOr(Rule<Double> number) {
    return new Rule<>(
        "scale or a number " + number.range(),
        text ->
            text.equals("scale")
                ? OptionalDouble.empty()
                : OptionalDouble.of(number.reader().apply(text)));
  }

  /** One or several different values. */
  static <T> Rule<List<T>> listOf(Rule<T> value) {
    return new Rule<>(
        value.range() + "; several different ones with commas",
        text -> differentWords(text).stream().map(value.reader()).toList());
  }

  /** A number a label, none for 1; empty: balanced. */
  static Rule<Optional<List<Double>>> classWeights(Rule<Double> weight) {
    return new Rule<>(
        "none, balanced, or for each label a number " + weight.range() + ", separated by commas",
        text ->
            switch (text) {
              case "none" -> Optional.of(List.of());
              case "balanced" -> Optional.empty();
              default -> Optional.of(words(text, weight.reader()));
            });
  }

  private static <T> List<T> words(String text, Function<String, T> reader) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(reader).toList();
  }

  static Rule<String> name() {
    return matching("a name or a path", ".+");
  }

  static Rule<String> matching(String range, String pattern) {
    return new Rule<>(range, text -> matched(text, pattern));
  }

  static Rule<String> datasetPath() {
    return matching("a path of a dataset in HDF5, such as /images, or empty", "(/[^/]+)*");
  }

  static Rule<Optional<Path>> directory() {
    return place("a directory");
  }

  /**
   * @param what lies there
   */
  static Rule<Optional<Path>> place(String what) {
    return new Rule<>(
        what + ", or empty; ~ is not replaced, write ${env:HOME}",
        text ->
            Optional.of(matched(text, "(?!~).*"))
                .filter(path -> !path.isEmpty())
                .map(path -> Path.of(path).toAbsolutePath().normalize()));
  }

  /** Not one that was shortened to be shown. */
  static Rule<URI> webAddress() {
    return new Rule<>(
        "an http or https address",
        text -> withHost(URI.create(matched(text, "https?://(?!.*\\*\\*\\*)[^/].*"))));
  }

  private static URI withHost(URI address) {
    if (address.getHost() == null) {
      throw new IllegalArgumentException();
    }
    return address;
  }

  static Rule<Optional<URI>> optionalWebAddress() {
    return new Rule<>(
        webAddress().range() + ", or empty",
        text -> text.isEmpty() ? Optional.empty() : Optional.of(webAddress().reader().apply(text)));
  }

  static Rule<List<String>> fileNames() {
    return new Rule<>("different file names, separated by commas", Rule::differentWords);
  }

  private static List<String> differentWords(String text) {
    List<String> names = words(text, Function.identity());
    if (names.contains("") || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException();
    }
    return names;
  }

  private static String matched(String text, String pattern) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  /** Without what Java adds to decimal numbers: NaN, Infinity, 0x1p3, 1f. */
  private static double decimal(String text) {
    return Double.parseDouble(matched(text, DECIMAL));
  }

  private static double required(double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private static long within(long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
