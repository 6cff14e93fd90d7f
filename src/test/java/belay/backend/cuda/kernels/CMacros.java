package belay.backend.cuda.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Macros of C, as far as the kernels use them: with and without parameters, and pasting. */
final class CMacros {
  private final Map<String, Macro> macros = new HashMap<>();

  /**
   * @param parameters null for a macro without brackets
   */
  private record Macro(List<String> parameters, List<String> body) {}

  /** What follows {@code #define}. */
  void define(String text) {
    String line = text.strip();
    String name = CTokens.of(line).get(0);
    List<String> rest = CTokens.of(line.substring(name.length()));
    if (!line.startsWith("(", name.length())) {
      macros.put(name, new Macro(null, rest));
      return;
    }
    int end = CTokens.closing(rest, 0);
    List<String> parameters = rest.subList(1, end).stream().filter(CTokens::isName).toList();
    macros.put(name, new Macro(parameters, rest.subList(end + 1, rest.size())));
  }

  boolean defines(String name) {
    return macros.containsKey(name);
  }

  List<String> expand(List<String> tokens) {
    return expand(tokens, Set.of());
  }

  /**
   * @param inside macros that are being expanded, whose names stay as they are
   */
  private List<String> expand(List<String> tokens, Set<String> inside) {
    List<String> out = new ArrayList<>();
    for (int at = 0; at < tokens.size(); at++) {
      String token = tokens.get(at);
      Macro macro = inside.contains(token) ? null : macros.get(token);
      boolean called = at + 1 < tokens.size() && tokens.get(at + 1).equals("(");
      if (macro == null || macro.parameters != null && !called) {
        out.add(token);
        continue;
      }
      List<String> body = macro.body;
      if (macro.parameters != null) {
        int end = CTokens.closing(tokens, at + 1);
        body = substitute(macro, CTokens.parts(tokens.subList(at + 2, end)), inside);
        at = end;
      }
      Set<String> deeper = new HashSet<>(inside);
      deeper.add(token);
      out.addAll(expand(paste(body), deeper));
    }
    return out;
  }

  private List<String> substitute(Macro macro, List<List<String>> arguments, Set<String> inside) {
    List<String> body = macro.body;
    List<String> out = new ArrayList<>();
    for (int at = 0; at < body.size(); at++) {
      int parameter = macro.parameters.indexOf(body.get(at));
      boolean pasted =
          at > 0 && body.get(at - 1).equals("##")
              || at + 1 < body.size() && body.get(at + 1).equals("##");
      if (parameter < 0) {
        out.add(body.get(at));
      } else if (pasted) {
        out.addAll(arguments.get(parameter));
      } else {
        out.addAll(expand(arguments.get(parameter), inside));
      }
    }
    return out;
  }

  private static List<String> paste(List<String> body) {
    List<String> out = new ArrayList<>();
    for (int at = 0; at < body.size(); at++) {
      if (body.get(at).equals("##")) {
        out.add(out.remove(out.size() - 1) + body.get(++at));
      } else {
        out.add(body.get(at));
      }
    }
    return out;
  }
}
