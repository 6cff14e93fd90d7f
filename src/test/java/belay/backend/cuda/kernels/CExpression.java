package belay.backend.cuda.kernels;

import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

/** The value of a constant expression of C++ with whole numbers. */
final class CExpression {
  /** Operators by how strongly they bind, weakest first. */
  private static final List<Map<String, LongBinaryOperator>> LEVELS =
      List.of(
          Map.of("||", (a, b) -> bit(a != 0 || b != 0)),
          Map.of("&&", (a, b) -> bit(a != 0 && b != 0)),
          Map.of("==", (a, b) -> bit(a == b), "!=", (a, b) -> bit(a != b)),
          Map.of(
              "<", (a, b) -> bit(a < b),
              ">", (a, b) -> bit(a > b),
              "<=", (a, b) -> bit(a <= b),
              ">=", (a, b) -> bit(a >= b)),
          Map.of("+", Long::sum, "-", (a, b) -> a - b),
          Map.of("*", (a, b) -> a * b, "/", (a, b) -> a / b, "%", (a, b) -> a % b));

  private final List<String> tokens;
  private final ToLongFunction<String> names;
  private int at;

  private CExpression(List<String> tokens, ToLongFunction<String> names) {
    this.tokens = tokens;
    this.names = names;
  }

  /**
   * @param names value of a name, with its scope as in {@code Bf16::BYTES}
   * @throws IllegalArgumentException if it is no such expression
   */
  static long value(List<String> tokens, ToLongFunction<String> names) {
    CExpression expression = new CExpression(tokens, names);
    long value = expression.choice();
    if (expression.at < tokens.size()) {
      throw new IllegalArgumentException("No constant: " + tokens);
    }
    return value;
  }

  private static long bit(boolean value) {
    return value ? 1 : 0;
  }

  private long choice() {
    long condition = binary(0);
    if (!take("?")) {
      return condition;
    }
    long yes = choice();
    expect(":");
    long no = choice();
    return condition != 0 ? yes : no;
  }

  private long binary(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    long value = binary(level + 1);
    while (at < tokens.size() && LEVELS.get(level).containsKey(tokens.get(at))) {
      LongBinaryOperator operator = LEVELS.get(level).get(tokens.get(at++));
      value = operator.applyAsLong(value, binary(level + 1));
    }
    return value;
  }

  private long unary() {
    if (take("!")) {
      return bit(unary() == 0);
    } else if (take("-")) {
      return -unary();
    } else if (take("(")) {
      long value = choice();
      expect(")");
      return value;
    }
    return operand();
  }

  private long operand() {
    if (at == tokens.size()) {
      throw new IllegalArgumentException("No constant: " + tokens);
    }
    String token = tokens.get(at++);
    if (!CTokens.isName(token)) {
      return Long.parseLong(token);
    }
    StringBuilder name = new StringBuilder(token);
    while (take("::")) {
      name.append("::").append(tokens.get(at++));
    }
    return names.applyAsLong(name.toString());
  }

  private boolean take(String token) {
    boolean found = at < tokens.size() && tokens.get(at).equals(token);
    at += found ? 1 : 0;
    return found;
  }

  private void expect(String token) {
    if (!take(token)) {
      throw new IllegalArgumentException("No constant: " + tokens);
    }
  }
}
