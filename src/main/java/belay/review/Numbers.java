package belay.review;

import java.util.Optional;

/** Numbers in what people type: 128, 2e-3, 98%. */
final class Numbers {
  private Numbers() {}

  static Optional<Double> parse(String text) {
    String digits = text.strip();
    boolean isPercent = digits.endsWith("%");
    if (isPercent) {
      digits = digits.substring(0, digits.length() - 1).strip();
    }
    if (!digits.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
      return Optional.empty();
    }
    return Optional.of(Double.parseDouble(digits) / (isPercent ? 100 : 1));
  }
}
