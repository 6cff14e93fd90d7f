package belay.backend.cuda.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes of a .cu file what nvcc's compiler for one architecture sees of it, but for CUDA's own
 * headers.
 */
final class CPreprocessor {
  private final Path root;
  private final CMacros macros = new CMacros();
  private final Set<Path> seen = new HashSet<>();
  private final Deque<Branch> branches = new ArrayDeque<>();
  private final List<String> out = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /**
   * Where an #if stands: whether its lines count, did so before, and whether those around it do.
   */
  private record Branch(boolean on, boolean taken, boolean around) {}

  private CPreprocessor(Path root) {
    this.root = root;
  }

  /**
   * @param root directory that includes may start from
   * @param architecture for example 80
   */
  static List<String> tokens(Path file, Path root, int architecture) {
    CPreprocessor preprocessor = new CPreprocessor(root);
    preprocessor.macros.define("__CUDA_ARCH__ " + 10 * architecture);
    preprocessor.read(file);
    preprocessor.flush();
    return preprocessor.out;
  }

  private void read(Path file) {
    if (!seen.add(file.normalize())) {
      return; // as #pragma once does
    }
    try {
      for (String line : CTokens.clean(Files.readString(file)).split("\n")) {
        if (line.strip().startsWith("#")) {
          flush();
          directive(line.strip().substring(1).strip(), file);
        } else if (isOn()) {
          text.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void flush() {
    out.addAll(macros.expand(CTokens.of(text.toString())));
    text.setLength(0);
  }

  private boolean isOn() {
    return branches.isEmpty() || branches.peek().on;
  }

  private void directive(String line, Path file) {
    String word = CTokens.of(line).get(0);
    String rest = line.substring(word.length()).strip();
    switch (word) {
      case "if" -> branch(isOn() && holds(rest));
      case "ifdef" -> branch(isOn() && macros.defines(rest));
      case "ifndef" -> branch(isOn() && !macros.defines(rest));
      case "elif" -> otherwise(rest);
      case "else" -> otherwise("1");
      case "endif" -> branches.pop();
      case "define", "include", "pragma" -> {
        if (isOn()) {
          take(word, rest, file);
        }
      }
      default -> throw new IllegalArgumentException(file + ": #" + line);
    }
  }

  private void branch(boolean on) {
    branches.push(new Branch(on, on, isOn()));
  }

  private void otherwise(String condition) {
    Branch before = branches.pop();
    boolean on = before.around && !before.taken && holds(condition);
    branches.push(new Branch(on, before.taken || on, before.around));
  }

  private void take(String word, String rest, Path file) {
    if (word.equals("define")) {
      macros.define(rest);
    } else if (word.equals("include") && rest.startsWith("\"")) {
      String name = rest.substring(1, rest.length() - 1);
      read(
          Stream.of(file.resolveSibling(name), root.resolve(name))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow());
    }
  }

  private boolean holds(String condition) {
    List<String> tokens = CTokens.of(condition);
    List<String> known = new ArrayList<>();
    for (int at = 0; at < tokens.size(); at++) {
      if (tokens.get(at).equals("defined")) {
        known.add(macros.defines(tokens.get(at + 2)) ? "1" : "0"); // defined ( name )
        at += 3;
      } else {
        known.add(tokens.get(at));
      }
    }
    return CExpression.value(macros.expand(known), unknown -> 0) != 0;
  }
}
