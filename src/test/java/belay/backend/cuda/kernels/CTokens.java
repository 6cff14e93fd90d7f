package belay.backend.cuda.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts C++ into tokens, without space and comments. */
final class CTokens {
  private static final Pattern COMMENT =
      Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

  private static final Pattern TOKEN =
      Pattern.compile(
          "[A-Za-z_]\\w*|\\d[\\w.]*|\"(?:\\\\.|[^\"\\\\])*\"|##|::|&&|\\|\\||[<>=!]=|\\S");

  private CTokens() {}

  /** The text with its lines joined at backslashes and a space for each comment. */
  static String clean(String text) {
    return COMMENT
        .matcher(text.replace("\\\n", " "))
        .replaceAll(
            found ->
                Matcher.quoteReplacement(found.group().startsWith("\"") ? found.group() : " "));
  }

  static List<String> of(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  static boolean isName(String token) {
    return Character.isJavaIdentifierStart(token.charAt(0));
  }

  /** Where the bracket at a place is closed. */
  static int closing(List<String> tokens, int opening) {
    int depth = 0;
    for (int at = opening; at < tokens.size(); at++) {
      depth += tokens.get(at).equals("(") ? 1 : tokens.get(at).equals(")") ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    throw new IllegalArgumentException("No ) for " + tokens.subList(opening, tokens.size()));
  }

  /** Parts between commas that stand in no brackets. */
  static List<List<String>> parts(List<String> tokens) {
    List<List<String>> parts = new ArrayList<>();
    int from = 0;
    int depth = 0;
    for (int at = 0; at < tokens.size(); at++) {
      String token = tokens.get(at);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0 && token.equals(",")) {
        parts.add(tokens.subList(from, at));
        from = at + 1;
      }
    }
    parts.add(tokens.subList(from, tokens.size()));
    return parts;
  }
}
