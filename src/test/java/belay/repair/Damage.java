package belay.repair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Ways in which a run breaks that can be mended, and a word of what is said of each. */
enum Damage {
  LEASE_UNREADABLE("lease-", "is no lease", run -> Files.writeString(lease(run), "")),
  LEASE_NONSENSE("lease-", "is no lease", run -> Files.writeString(lease(run), "{\"work\":null}")),
  LEASE_OF_THE_DEAD("lease-", "never given back", run -> unreleased(run, "\"startTicks\":1,")),
  LEASE_OF_A_STALE_HOST("lease-", "never given back", Damage::ofAnotherHost),
  LEASE_LAST("lease-999999999.json", "last number", run -> renamed(run, "lease-999999999.json")),
  LEASE_PIPE(
      "lease-700.json",
      "is a pipe",
      run -> new ProcessBuilder("mkfifo", run + "/lease-700.json").start().waitFor()),
  LEASE_DIRECTORY(
      "lease-700.json",
      "is a directory",
      run -> Files.createDirectory(run.resolve("lease-700.json"))),
  LEASE_LARGE(
      "lease-700.json",
      "bytes",
      run -> Files.write(run.resolve("lease-700.json"), new byte[(1 << 20) + 1])),
  LEASE_OF_JOBS(
      "jobs/lease-3.json",
      "is a symbolic link",
      run -> Files.createSymbolicLink(run.resolve("jobs/lease-3.json"), Path.of("/dev/zero"))),
  LEASE_DRAFT(".lease-x", "is left", run -> Files.createFile(run.resolve(".lease-x"))),
  STATUS_UNREADABLE("status.json", "says nothing", run -> cut(run.resolve("status.json"))),
  STATUS_EMPTY("status.json", "is empty", run -> Files.writeString(run.resolve("status.json"), "")),
  STATUS_LARGE(
      "status.json",
      "says nothing",
      run -> Files.write(run.resolve("status.json"), new byte[(1 << 20) + 1])),
  STATUS_MISSING("status.json", "is missing", run -> Files.delete(run.resolve("status.json"))),
  STATUS_RUNNING(
      "status.json",
      "no process works",
      run -> replace(run, "status.json", "\"done\"", "\"running\"")),
  STATUS_FAILED(
      "status.json",
      "files are complete",
      run -> replace(run, "status.json", "\"done\"", "\"failed\"")),
  STATUS_OF_A_LOST_CHECKPOINT(
      "status.json", "names ", run -> replace(run, "status.json", "ckpt-0003", "ckpt-0007")),
  STATUS_OF_ANOTHER_EPOCH(
      "status.json", "epoch 9", run -> replace(run, "status.json", "\"epoch\": 3", "\"epoch\": 9")),
  STATUS_WITHOUT_PRODUCT("status.json", "is not there", run -> Files.delete(run.resolve("svm.h5"))),
  STATUS_OF_FEW_ATTEMPTS(
      "status.json",
      "1 attempts of 3",
      run -> replace(run, "status.json", "\"attempts\": 3", "\"attempts\": 1")),
  ATTEMPTS_TORN("attempts.jsonl", "1 damaged line", run -> append(run, "attempts.jsonl", "{\"at")),
  ATTEMPTS_DAMAGED(
      "attempts.jsonl",
      "2 damaged lines",
      run -> append(run, "attempts.jsonl", "x\n\u0000\u0000\n")),
  ATTEMPTS_LARGE(
      "attempts.jsonl",
      "more than 64 MiB",
      run -> Files.write(run.resolve("attempts.jsonl"), new byte[(64 << 20) + 1])),
  ATTEMPT_WITHOUT_END("attempts.jsonl", "lacks the end", Damage::withoutEnd),
  METRICS_TORN("metrics.jsonl", "1 damaged line", run -> append(run, "metrics.jsonl", "{\"ep")),
  METRICS_NESTED(
      "metrics.jsonl", "1 damaged line", run -> append(run, "metrics.jsonl", "[".repeat(1 << 20))),
  SUBMITTED_DAMAGED(
      "jobs/submitted.jsonl",
      "2 damaged lines",
      run -> append(run, "jobs/submitted.jsonl", "{\"job\":\"; rm -rf /\"}\n{\"sched")),
  CHECKPOINT_CUT(
      "checkpoints/ckpt-0003.h5", "", run -> cut(run.resolve("checkpoints/ckpt-0003.h5"))),
  CHECKPOINT_EMPTY(
      "checkpoints/ckpt-0002.h5",
      "",
      run -> Files.write(run.resolve("checkpoints/ckpt-0002.h5"), new byte[0])),
  CHECKPOINT_UNDER_ANOTHER_NAME(
      "checkpoints/ckpt-0009.h5",
      "holds the state of ckpt-0002.h5",
      run ->
          Files.copy(
              run.resolve("checkpoints/ckpt-0002.h5"), run.resolve("checkpoints/ckpt-0009.h5"))),
  FEATURES_FLIPPED("features.h5", "", run -> flip(run.resolve("features.h5"))),
  FEATURES_EMPTY("features.h5", "", run -> Files.write(run.resolve("features.h5"), new byte[0])),
  CLASSIFIER_FLIPPED("svm.h5", "", run -> flip(run.resolve("svm.h5"))),
  SOLVED_OF_ANOTHER_KIND(
      "svm-solved.h5",
      "is no ",
      run -> Files.copy(run.resolve("svm.h5"), run.resolve("svm-solved.h5"))),
  SOLVED_CUT("svm-solved.h5", "", run -> Files.writeString(run.resolve("svm-solved.h5"), "x")),
  PROFILE_NONSENSE(
      "profile.json",
      "holds no times",
      run -> Files.writeString(run.resolve("profile.json"), "{\"operations\":[null]}")),
  KEYS_MISSING("run.properties", "is missing", run -> Files.delete(run.resolve("run.properties"))),
  KEYS_UNREADABLE(
      "run.properties",
      "no UTF-8",
      run -> Files.write(run.resolve("run.properties"), new byte[] {(byte) 0xff, 10})),
  KEYS_ZEROED(
      "run.properties",
      "is no text",
      run -> Files.write(run.resolve("run.properties"), new byte[512])),
  KEYS_EMPTY(
      "run.properties", "is empty", run -> Files.writeString(run.resolve("run.properties"), "")),
  PARTIAL_FILE(
      ".features.h5.1f.partial",
      "half-written",
      run -> Files.writeString(run.resolve(".features.h5.1f.partial"), "half")),
  PARTIAL_CHECKPOINT(
      "checkpoints/.ckpt-0004.h5.1f.partial",
      "half-written",
      run -> Files.writeString(run.resolve("checkpoints/.ckpt-0004.h5.1f.partial"), "half"));

  private interface Change {
    void make(Path run) throws Exception;
  }

  private final String file;
  private final String problem;
  private final Change change;

  Damage(String file, String problem, Change change) {
    this.file = file;
    this.problem = problem;
    this.change = change;
  }

  void apply(Path run) throws Exception {
    change.make(run);
  }

  boolean isIn(Finding finding) {
    return finding.file().toString().contains("/run/" + file)
        && finding.problem().contains(problem);
  }

  /** The present one. */
  static Path lease(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files
          .filter(file -> file.getFileName().toString().matches("lease-\\d+\\.json"))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow();
    }
  }

  private static void unreleased(Path run, String start) throws IOException {
    Path lease = lease(run);
    Files.writeString(
        lease,
        Files.readString(lease)
            .replaceAll(",\"released\":\"[^\"]*\"", "")
            .replaceAll("\"startTicks\":\\d+,?", start.replaceAll(",$", "")));
  }

  private static void ofAnotherHost(Path run) throws IOException {
    unreleased(run, "\"startTicks\":1,");
    Path lease = lease(run);
    Files.writeString(
        lease,
        Files.readString(lease)
            .replaceAll("\"intervalSeconds\":[0-9.]+", "\"intervalSeconds\":0.05")
            .replaceAll("\"host\":\"[^\"]*\"", "\"host\":\"node7\"")
            .replaceAll("\"bootId\":\"[^\"]*\"", "\"bootId\":\"another\""));
  }

  private static void renamed(Path run, String name) throws IOException {
    Files.move(lease(run), run.resolve(name));
  }

  private static void withoutEnd(Path run) throws IOException {
    Path file = run.resolve("attempts.jsonl");
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, lines.size() - 1));
  }

  private static void replace(Path run, String name, String before, String after)
      throws IOException {
    Path file = run.resolve(name);
    String text = Files.readString(file);
    if (!text.contains(before)) {
      throw new AssertionError(before + " is not in " + text);
    }
    Files.writeString(file, text.replace(before, after));
  }

  private static void append(Path run, String name, String text) throws IOException {
    Files.writeString(run.resolve(name), text, StandardOpenOption.APPEND);
  }

  static void cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** A bit in the middle. */
  /** In many places: some bytes of a small HDF5 file mean nothing. */
  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int place = bytes.length / 4; place < bytes.length; place += 64) {
      bytes[place] ^= 4;
    }
    Files.write(file, bytes);
  }

  static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> tree = Files.walk(path)) {
        for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } else {
      Files.deleteIfExists(path);
    }
  }
}
