package belay.inspect;

import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What two runs have come to, beside one another: newest checkpoint, features and classifier. */
final class RunComparison {
  private static final String EQUAL = "equal";

  private final Map<String, String> words = new LinkedHashMap<>(); // by file
  private final Map<String, Sheet> sheets = new LinkedHashMap<>();

  private RunComparison() {}

  /**
   * @throws DataException if one is no run, neither has made a file, or one file is damaged
   */
  static Sheet of(Path first, Path second) {
    RunDirectory a = RunDirectory.open(first);
    RunDirectory b = RunDirectory.open(second);
    RunComparison files = new RunComparison();
    files.add("checkpoint", newest(a), newest(b));
    files.add("features.h5", made(a.features()), made(b.features()));
    files.add("svm.h5", made(a.svm()), made(b.svm()));
    if (files.words.isEmpty()) {
      throw new DataException(
          "%s and %s: have no checkpoint, features.h5 or svm.h5 yet".formatted(first, second));
    }
    return files.sheet(first, second);
  }

  private static Optional<Path> newest(RunDirectory run) {
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    return checkpoints.list().stream().findFirst().map(checkpoints::file);
  }

  private static Optional<Path> made(Path file) {
    return Optional.of(file).filter(Files::exists);
  }

  private void add(String name, Optional<Path> a, Optional<Path> b) {
    if (a.isPresent() && b.isPresent()) {
      Sheet sheet = Comparison.ofFiles(a.get(), b.get());
      sheets.put(name, sheet);
      words.put(name, sheet.isDifferent() ? "different" : EQUAL);
    } else if (a.isPresent() || b.isPresent()) {
      words.put(name, a.isPresent() ? "only in a" : "only in b");
    }
  }

  private Sheet sheet(Path first, Path second) {
    Sheet sheet =
        new Sheet()
            .facts("runs", new TreeMap<>(Map.of("a", first, "b", second)))
            .facts("verdict", Map.of("all", verdict()))
            .different(words.values().stream().anyMatch(word -> !word.equals(EQUAL)));
    sheets.forEach(sheet::part);
    return sheet;
  }

  /** In one line: "different: svm.h5; equal: checkpoint, features.h5". */
  private String verdict() {
    return new TreeSet<>(words.values())
        .stream()
            .map(
                word ->
                    words.keySet().stream()
                        .filter(name -> words.get(name).equals(word))
                        .collect(Collectors.joining(", ", word + ": ", "")))
            .collect(Collectors.joining("; "));
  }
}
