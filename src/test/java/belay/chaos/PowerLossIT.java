package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunLease;
import belay.cli.Jar;
import belay.hdf.Hdf5Reader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plug is pulled at every moment of a run, and the disk keeps of what was not synced whatever
 * it likes: no file that a run believes is anything but whole, what it has said is saved is there,
 * and it ends with the same bits as one that nobody disturbed. {@code -Dbelay.crash.seed=N} tries
 * other cuts, {@code -Dbelay.crash.resumes=N} more of those that are resumed for real.
 */
class PowerLossIT {
  private static final long SEED = Long.getLong("belay.crash.seed", 1);
  private static final int RESUMES = Integer.getInteger("belay.crash.resumes", 1);
  private static final int SAMPLES = 1; // of each moment
  private static final RunLease.Timing BRISK =
      new RunLease.Timing(Duration.ofMillis(20), Duration.ofMillis(60));
  private static final Pattern SAVED = Pattern.compile("\"checkpoint\": \"checkpoints/([^\"]+)\"");

  /** Files that grow or are written in place; all others appear whole. */
  private static final Pattern IN_PLACE =
      Pattern.compile(".*/(attempts\\.jsonl|mllog\\.txt|lease-\\d+\\.json|\\..*)");

  @TempDir static Path directory;

  private static Checkpoint undisturbed;
  private static Map<String, String> digests;

  private final Random random = new Random(SEED);
  private final List<Map<String, byte[]>> chosen = new ArrayList<>(); // to be resumed for real
  private final Set<Map<String, Integer>> seen = new HashSet<>();
  private final Map<Map<String, Integer>, String> looks = new HashMap<>();
  private final Map<String, Set<Integer>> versions = new HashMap<>();
  private Path disk;

  @BeforeAll
  static void runOnceUndisturbed() throws Exception {
    assumeTrue(DiskRecorder.isInstalled(), "strace is not installed, or may not trace");
    Jar sample = Jar.run(directory, "sample", "data", "--train", "200", "--test", "40");
    assertEquals(0, sample.exitCode(), sample.output());
    Jar whole = Jar.run(directory, command("pipeline", directory.resolve("undisturbed")));
    assertEquals(0, whole.exitCode(), whole.output());
    undisturbed = RunBits.last(directory.resolve("undisturbed"));
    digests = RunBits.digests(directory.resolve("undisturbed"));
  }

  @BeforeEach
  void makeDisk(TestInfo test) throws IOException {
    disk = Files.createDirectory(directory.resolve(test.getTestMethod().orElseThrow().getName()));
    System.out.println("-Dbelay.crash.seed=" + SEED);
  }

  @Test
  void anyStageGoesOnFromWhateverIsLeft() throws Exception {
    CrashDisk model = new CrashDisk(disk);
    for (String stage : List.of("train", "extract", "classify")) {
      record(model, stage);
    }
    assertSafe(model, "run.properties", "status.json", "attempts.jsonl", "metrics.jsonl");
    assertSafe(model, "features.h5", "svm.h5", "profile.json");
    System.out.println(seen.size() + " states after a power cut");
    resume();
  }

  /** What an attempt finds after one cut, it may lose in the next. */
  @Test
  void anAttemptAfterAPowerCutMayMeetTheNext() throws Exception {
    Map<String, byte[]> before = interrupted();
    write(before, disk);
    before.forEach((path, content) -> versions(path).add(Arrays.hashCode(content)));
    CrashDisk model = new CrashDisk(disk);
    record(model, "pipeline");
    assertSafe(model, "features.h5", "svm.h5", "status.json", "attempts.jsonl");
    System.out.println(seen.size() + " states after a second power cut");
    resume();
  }

  /** In the midst of training: a torn line, a half-written file, and a checkpoint that is none. */
  private Map<String, byte[]> interrupted() throws Exception {
    Path run = disk.resolveSibling("interrupted").resolve("run");
    Files.createDirectories(run.getParent());
    Jar jar = Jar.start(directory, command("train", run));
    while (!Files.exists(run.resolve("checkpoints/ckpt-0002.h5"))) {
      assertFalse(jar.endsWithin(5), () -> said(jar));
    }
    jar.kill();
    Map<String, byte[]> left =
        new TreeMap<>(new CrashDisk(run.getParent()).cut(CrashDisk.Cut.KEEPS_ALL, random));
    left.keySet().removeIf(path -> path.contains("/logs/"));
    byte[] lines = left.get("run/attempts.jsonl");
    left.put("run/attempts.jsonl", Arrays.copyOf(lines, lines.length - 20));
    left.put("run/.status.json.1f.partial", new byte[100]);
    left.put("run/checkpoints/ckpt-0003.h5", new byte[5000]);
    return left;
  }

  /** Runs a stage, and cuts the power at each moment of it. */
  private void record(CrashDisk model, String stage) throws Exception {
    List<DiskOperation> operations = DiskRecorder.record(disk, command(stage, disk.resolve("run")));
    assertTrue(operations.size() > 20, operations::toString);
    model.beginProcess();
    for (DiskOperation operation : operations) {
      model.apply(operation);
      if (operation instanceof DiskOperation.Rename rename) {
        String path = disk.relativize(Path.of(rename.path())).toString();
        model.live(rename.path()).ifPresent(live -> versions(path).add(Arrays.hashCode(live)));
      }
      cut(model, CrashDisk.Cut.KEEPS_ALL, operation);
      cut(model, CrashDisk.Cut.KEEPS_NOTHING, operation);
      for (int i = 0; i < SAMPLES; i++) {
        cut(model, CrashDisk.Cut.KEEPS_SOME, operation);
      }
    }
  }

  private Set<Integer> versions(String path) {
    return versions.computeIfAbsent(path, p -> new HashSet<>());
  }

  private void cut(CrashDisk model, CrashDisk.Cut cut, DiskOperation operation) throws Exception {
    Map<String, byte[]> left = model.cut(cut, random);
    Map<String, Integer> fingerprint = fingerprint(left);
    String saved =
        model.live(disk.resolve("run/status.json").toString()).map(PowerLossIT::saved).orElse("");
    fingerprint.put("saved " + saved, 0);
    if (seen.add(fingerprint)) {
      choose(left);
      try {
        check(left, saved);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            cut + " after " + describe(operation) + " leaves " + describe(left), e);
      }
    }
  }

  /** Each of all states with the same probability. */
  private void choose(Map<String, byte[]> left) {
    int place = chosen.size() < RESUMES ? chosen.size() : random.nextInt(seen.size());
    if (place == chosen.size()) {
      chosen.add(left);
    } else if (place < RESUMES) {
      chosen.set(place, left);
    }
  }

  private static String describe(DiskOperation operation) {
    return operation.getClass().getSimpleName() + " " + operation.path();
  }

  private static String describe(Map<String, byte[]> left) {
    Map<String, Integer> lengths = new TreeMap<>();
    left.forEach((path, content) -> lengths.put(path, content == null ? -1 : content.length));
    return lengths.toString();
  }

  /** Of the newest checkpoint that the status names, its name. */
  private static String saved(byte[] status) {
    Matcher matcher = SAVED.matcher(new String(status, StandardCharsets.UTF_8));
    return matcher.find() ? matcher.group(1) : "";
  }

  private void check(Map<String, byte[]> left, String saved) throws Exception {
    left.forEach(this::assertWhole);
    String newest = look(left, "run/checkpoints", PowerLossIT::newest);
    look(left, "run/lease-", PowerLossIT::take);
    look(left, "run/[a-z]+\\.jsonl?", PowerLossIT::readBooks);
    look(left, "run/[a-z]+\\.h5", PowerLossIT::readResults);
    Optional<CheckpointName> promised = CheckpointName.parse(saved);
    if (promised.isPresent()) {
      assertTrue(
          CheckpointName.parse(newest).filter(n -> n.compareTo(promised.get()) >= 0).isPresent(),
          saved + " was said to be saved, and the newest is '" + newest + "'");
    }
  }

  private interface Look {
    String at(RunDirectory run) throws Exception;
  }

  /**
   * Looks at those files that are there, once: thousands of states differ in one small file each.
   */
  private String look(Map<String, byte[]> left, String pattern, Look look) throws Exception {
    Map<String, byte[]> part = new TreeMap<>(left);
    part.keySet().removeIf(path -> !path.matches(pattern + ".*"));
    Map<String, Integer> fingerprint = fingerprint(part);
    if (!looks.containsKey(fingerprint)) {
      Path copy = Files.createTempDirectory(memory(), "belay-cut");
      part.put("run", null);
      write(part, copy);
      looks.put(fingerprint, look.at(RunDirectory.at(copy.resolve("run"))));
      delete(copy);
    }
    return looks.get(fingerprint);
  }

  private static Map<String, Integer> fingerprint(Map<String, byte[]> files) {
    Map<String, Integer> fingerprint = new TreeMap<>();
    files.forEach((path, content) -> fingerprint.put(path, Arrays.hashCode(content)));
    return fingerprint;
  }

  private static String newest(RunDirectory run) {
    return new Checkpoints(run.checkpoints())
        .newestValid()
        .map(found -> found.checkpoint().name().toString())
        .orElse("");
  }

  private static String take(RunDirectory run) {
    RunLease.acquire(run.path(), "a look", BRISK, () -> false).close();
    return "";
  }

  private static String readBooks(RunDirectory run) {
    assertEquals(Files.exists(run.path().resolve("status.json")), run.status().isPresent());
    assertEquals(Files.exists(run.path().resolve("profile.json")), run.profile().isPresent());
    run.attempts();
    run.metrics();
    return "";
  }

  private static String readResults(RunDirectory run) {
    for (Path file : List.of(run.features(), run.svm())) {
      if (Files.exists(file)) {
        try (Hdf5Reader reader = Hdf5Reader.open(file)) {
          reader.verify();
        }
      }
    }
    return "";
  }

  /** Where a sync costs nothing: thousands of states are only looked at. */
  private static Path memory() {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory) ? memory : directory;
  }

  /** No file under its final name is anything but one that was complete when it got the name. */
  private void assertWhole(String path, byte[] content) {
    if (content != null && !IN_PLACE.matcher(path).matches()) {
      assertTrue(
          versions.getOrDefault(path, Set.of()).contains(Arrays.hashCode(content)),
          path + " is not whole");
    }
  }

  /** What was said at the end does not depend on luck. */
  private void assertSafe(CrashDisk model, String... names) {
    Map<String, byte[]> left = model.cut(CrashDisk.Cut.KEEPS_NOTHING, random);
    for (String name : names) {
      byte[] live = model.live(disk.resolve("run").resolve(name).toString()).orElseThrow();
      assertArrayEquals(live, left.get("run/" + name), name);
    }
  }

  private void resume() throws Exception {
    for (int i = 0; i < chosen.size(); i++) {
      Path copy = Files.createDirectory(disk.resolveSibling(disk.getFileName() + "-" + i));
      write(chosen.get(i), copy);
      Jar jar = Jar.run(directory, command("pipeline", copy.resolve("run")));
      assertEquals(0, jar.exitCode(), () -> said(jar));
      RunBits.assertSameTraining(undisturbed, copy.resolve("run"));
      assertEquals(digests, RunBits.digests(copy.resolve("run")));
      delete(copy);
    }
  }

  private static String said(Jar jar) {
    try {
      return jar.output();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void write(Map<String, byte[]> files, Path target) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) { // a directory before what is in it
      Path path = target.resolve(file.getKey());
      if (file.getValue() == null) {
        Files.createDirectory(path);
      } else {
        Files.write(path, file.getValue());
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String[] command(String stage, Path run, String... settings) {
    List<String> words = new ArrayList<>(List.of(stage, "--run", run.toString(), "--conf", "demo"));
    List<String> all = new ArrayList<>(List.of("data.dir=" + directory.resolve("data")));
    all.addAll(List.of("train.epochs=3", "checkpoint.keep=2", "checkpoint.interval-seconds=1"));
    all.addAll(
        List.of("metrics.tensorboard=true", "log.mlperf=true", "metrics.interval-seconds=1"));
    all.addAll(List.of(settings));
    all.forEach(setting -> words.addAll(List.of("--set", setting)));
    return words.toArray(String[]::new);
  }
}
