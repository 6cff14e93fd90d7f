package belay.backend.cuda.kernels;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a .cu file declares for one architecture: its kernels, and constants outside functions. */
final class KernelFile {
  private static final Pattern KERNEL =
      Pattern.compile(
          "extern \"C\" __global__ void (?:__launch_bounds__ \\( ([^()]*) \\) )?(\\w+) \\( ([^()]*) \\) \\{");

  private static final Pattern ELEMENT_BYTES =
      Pattern.compile("struct (\\w+) \\{ (?:(?!struct).)*?constexpr int BYTES = (\\d+) ;");

  private final Map<String, List<String>> constants = new HashMap<>();
  private final Map<String, Kernel> kernels = new TreeMap<>();

  /**
   * A kernel.
   *
   * @param threads that its launch bounds state, if they are a number
   */
  record Kernel(String name, List<Parameter> parameters, OptionalLong threads) {
    List<String> types() {
      return parameters.stream().map(Parameter::type).toList();
    }
  }

  /**
   * A parameter.
   *
   * @param type as {@code const float *}
   */
  record Parameter(String type, String name) {}

  private KernelFile(List<String> tokens) {
    readConstants(tokens);
    String text = String.join(" ", tokens);
    Matcher element = ELEMENT_BYTES.matcher(text);
    while (element.find()) {
      constants.put(element.group(1) + "::BYTES", List.of(element.group(2)));
    }
    Matcher kernel = KERNEL.matcher(text);
    while (kernel.find()) {
      OptionalLong threads =
          kernel.group(1) == null
              ? OptionalLong.empty()
              : value(CTokens.parts(CTokens.of(kernel.group(1))).get(0));
      kernels.put(
          kernel.group(2), new Kernel(kernel.group(2), parameters(kernel.group(3)), threads));
    }
  }

  static KernelFile read(Path file, Path root, int architecture) {
    return new KernelFile(CPreprocessor.tokens(file, root, architecture));
  }

  Map<String, Kernel> kernels() {
    return kernels;
  }

  /** A constant's value; empty if there is none of this name. */
  OptionalLong constant(String name) {
    return constants.containsKey(name) ? value(constants.get(name)) : OptionalLong.empty();
  }

  private OptionalLong value(List<String> tokens) {
    try {
      return OptionalLong.of(
          CExpression.value(
              tokens,
              name ->
                  constant(name)
                      .orElseThrow(() -> new IllegalArgumentException("What is " + name))));
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  private void readConstants(List<String> tokens) {
    int depth = 0;
    for (int at = 0; at < tokens.size(); at++) {
      String token = tokens.get(at);
      depth += token.equals("{") ? 1 : token.equals("}") ? -1 : 0;
      boolean begins = depth == 0 && token.equals("constexpr") && tokens.get(at + 1).equals("int");
      if (begins && tokens.get(at + 3).equals("=")) {
        int end = at + tokens.subList(at, tokens.size()).indexOf(";");
        for (List<String> one : CTokens.parts(tokens.subList(at + 2, end))) {
          constants.put(one.get(0), one.subList(2, one.size()));
        }
      }
    }
  }

  private static List<Parameter> parameters(String text) {
    return CTokens.parts(CTokens.of(text)).stream().map(KernelFile::parameter).toList();
  }

  private static Parameter parameter(List<String> tokens) {
    int last = tokens.size() - 1;
    String type =
        String.join(" ", tokens.subList(0, last))
            .replace("unsigned char", "byte")
            .replaceAll(" ?(<|>|::) ?", "$1")
            .replace(">*", "> *");
    return new Parameter(type, tokens.get(last));
  }
}
