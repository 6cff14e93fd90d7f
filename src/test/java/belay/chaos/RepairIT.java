package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Checkpoint;
import belay.cli.Jar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was killed, and of which then nearly every file is broken at once, is mended. */
class RepairIT {
  private static final List<String> STAGES = List.of("train", "extract", "classify");

  @TempDir static Path directory;

  private static Checkpoint undisturbed;

  @BeforeAll
  static void makeARun() throws Exception {
    run(0, "sample", "data", "--train", "150", "--test", "40");
    for (String stage : STAGES) {
      run(0, stage(stage, "undisturbed"));
    }
    undisturbed = RunBits.last(directory.resolve("undisturbed"));
  }

  private static String run(int code, String... words) throws Exception {
    Jar jar = Jar.run(directory, words);
    assertEquals(code, jar.exitCode(), jar.output());
    return jar.output();
  }

  private static String[] stage(String stage, String run, String... more) {
    List<String> words = new ArrayList<>(List.of(stage, "--run", run, "--conf", "demo"));
    for (String key : List.of("data.dir=data", "train.epochs=6", "train.batch=32")) {
      words.addAll(List.of("--set", key));
    }
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void aRunThatIsBrokenEverywhereGoesOnToTheSameBits() throws Exception {
    Path run = directory.resolve("broken");
    run(0, stage("train", "broken", "--set", "train.epochs=4", "--set", "metrics.profile=true"));
    run(0, stage("extract", "broken", "--set", "train.epochs=4"));
    run(0, stage("classify", "broken", "--set", "train.epochs=4"));
    Jar killed = Jar.start(directory, stage("train", "broken"));
    killed.awaitOutput("epoch=5");
    killed.kill();
    breakEverything(run);
    String found = run(3, "repair", "broken", "--dry-run");
    String mended = run(0, "repair", "broken");
    assertEquals(problems(found), problems(mended));
    for (String name :
        List.of(
            "lease-",
            "status.json",
            "attempts.jsonl",
            "metrics.jsonl",
            "submitted.jsonl",
            "ckpt-0004.h5",
            "features.h5",
            "svm.h5",
            "svm-solved.h5",
            "profile.json",
            "run.properties",
            ".partial")) {
      assertTrue(found.contains(name) && mended.contains(name), name + " is not in " + mended);
    }
    assertEquals("broken: in order", run(0, "repair", "broken", "--dry-run").strip());
    assertTrue(run(0, "status", "broken").contains("stopped"));
    run(0, stage("train", "broken"));
    RunBits.assertSameTraining(undisturbed, run);
    run(0, "extract", "--run", "broken");
    run(0, "classify", "--run", "broken");
    assertEquals(RunBits.digests(directory.resolve("undisturbed")), RunBits.digests(run));
    assertTrue(run(0, "repair", "broken").contains("in order"));
  }

  /** Of each finding, what is said of it before what was or would be done. */
  private static List<String> problems(String output) {
    return output
        .lines()
        .filter(line -> line.matches("(mended|can mend) .*"))
        .map(line -> line.substring(10).split(": ")[0])
        .toList();
  }

  private static void breakEverything(Path run) throws IOException {
    for (String name : List.of("features.h5", "svm.h5", "status.json", "profile.json")) {
      cut(run.resolve(name));
    }
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      for (Path newer : all.filter(file -> !file.endsWith("ckpt-0003.h5")).toList()) {
        cut(newer);
      }
    }
    Files.createDirectories(run.resolve("jobs"));
    for (String name : List.of("attempts.jsonl", "metrics.jsonl", "jobs/submitted.jsonl")) {
      Files.writeString(
          run.resolve(name),
          "\u0000\u0000\n{\"torn",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    Files.writeString(run.resolve("svm-solved.h5"), "nothing");
    Files.write(run.resolve("run.properties"), new byte[700]);
    Files.writeString(run.resolve(".svm.h5.1f.partial"), "half", StandardCharsets.UTF_8);
    Files.writeString(run.resolve("lease-999999999.json"), "{\"work\":null}");
  }

  private static void cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }
}
