package belay.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunLease;
import belay.checkpoint.RunStatus.State;
import belay.cli.InProcess;
import belay.error.BusyException;
import belay.repair.Finding.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is complete, damaged in one way. */
class RepairTest {
  private static final RunLease.Timing QUICK =
      new RunLease.Timing(Duration.ofMillis(50), Duration.ofMillis(200));
  private static final RunLease.Timing PATIENT =
      new RunLease.Timing(Duration.ofMillis(50), Duration.ofMinutes(5));

  @TempDir private static Path home;

  @TempDir private Path directory;
  private Path run;

  @BeforeAll
  static void makeARun() throws IOException {
    Files.writeString(
        home.resolve("tiny.net"),
        "input 32x32x3\nmaxpool 8\nconv 2 name=enc1\nrelu\nlatent\nconv 3\nupsample 8\n");
    execute("sample", home.resolve("data").toString(), "--train", "60", "--test", "20");
    for (String stage : new String[] {"train", "extract", "classify"}) {
      List<String> words = new ArrayList<>(List.of(stage, "--run", home.resolve("run").toString()));
      for (String key :
          new String[] {
            "backend=reference",
            "data.dir=" + home.resolve("data"),
            "train.network=" + home.resolve("tiny.net"),
            "train.epochs=3",
            "train.batch=32",
            "train.warmup-steps=1"
          }) {
        words.addAll(List.of("--set", key));
      }
      execute(words.toArray(String[]::new));
    }
    Files.createDirectories(home.resolve("run/jobs"));
    Files.writeString(
        home.resolve("run/jobs/submitted.jsonl"),
        "{\"scheduler\":\"slurm\",\"stage\":\"train\",\"job\":\"1\",\"submitted\":\"2026-01-01T00:00:00Z\"}\n");
  }

  private static void execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertEquals(0, outcome.exitCode(), outcome.errors());
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    run = directory.resolve("run");
    try (Stream<Path> files = Files.walk(home.resolve("run"))) {
      for (Path file : files.toList()) {
        Path copy = directory.resolve(home.relativize(file).toString());
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private List<Finding> look() {
    return findings(true);
  }

  private List<Finding> repair() {
    return findings(false);
  }

  private List<Finding> findings(boolean isDry) {
    List<Finding> findings = new ArrayList<>();
    Repair.of(run, isDry, QUICK, findings::add, () -> false);
    return findings;
  }

  @Test
  void aRunInOrderHasNoFindings() throws IOException {
    List<String> before = Tree.of(run);
    assertEquals(List.of(), look());
    assertEquals(before, Tree.of(run));
    byte[] status = Files.readAllBytes(run.resolve("status.json"));
    assertEquals(List.of(), repair());
    assertEquals(new String(status), Files.readString(run.resolve("status.json")));
  }

  @ParameterizedTest
  @EnumSource
  void eachDamageIsFoundDryAndMendedOnce(Damage damage) throws Exception {
    damage.apply(run);
    List<String> before = Tree.of(run);
    List<Finding> found = look();
    assertEquals(before, Tree.of(run), "a dry run changes nothing");
    assertTrue(found.stream().allMatch(one -> one.fate() == Fate.MENDABLE), found::toString);
    assertTrue(found.stream().anyMatch(damage::isIn), found::toString);
    List<Finding> mended = repair();
    assertTrue(mended.stream().allMatch(one -> one.fate() == Fate.MENDED), mended::toString);
    assertEquals(
        found.stream().map(Finding::problem).toList(),
        mended.stream().map(Finding::problem).toList());
    assertEquals(List.of(), repair());
    assertTrue(Files.exists(run.resolve("status.json")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Damage.class,
      names = {"LEASE_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void afterABrokenLeaseAStageGoesOn(Damage damage) throws Exception {
    damage.apply(run);
    repair();
    execute("train", "--run", run.toString());
  }

  @Test
  void aLivingOwnerIsLeftAlone() throws IOException {
    Files.writeString(run.resolve("status.json"), "torn");
    try (RunLease owner = RunLease.acquire(run, "train", RunLease.Timing.USUAL, () -> false)) {
      assertThrows(BusyException.class, this::look);
      assertThrows(BusyException.class, this::repair);
      assertEquals(7, InProcess.execute("repair", run.toString()).exitCode());
      owner.check();
    }
    assertEquals("torn", Files.readString(run.resolve("status.json")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLivingOwnerElsewhereIsLeftAlone(boolean isDry) throws Exception {
    Damage.LEASE_OF_A_STALE_HOST.apply(run);
    Path lease = Damage.lease(run);
    String text = Files.readString(lease);
    AtomicBoolean done = new AtomicBoolean();
    Thread heart =
        new Thread(
            () -> {
              for (int beat = 1000; !done.get(); beat++) {
                beat(lease, text.replaceAll("\"beat\":\\d+", "\"beat\":" + beat));
              }
            });
    heart.start();
    try {
      assertThrows(
          BusyException.class, () -> Repair.of(run, isDry, PATIENT, finding -> {}, () -> false));
    } finally {
      done.set(true);
      heart.join();
    }
  }

  private static void beat(Path lease, String text) {
    try {
      Files.writeString(lease, text);
      Thread.sleep(20);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void wholeLinesAreKeptByteByByte() throws IOException {
    Path file = run.resolve("attempts.jsonl");
    String whole = Files.readString(file);
    Files.writeString(file, "\u0000\u0001\n" + whole + "{\"attempt\":9,\"sta");
    repair();
    assertEquals(whole, Files.readString(file));
    assertEquals(
        "\u0000\u0001\n{\"attempt\":9,\"sta\n",
        Files.readString(run.resolve("attempts.jsonl.damaged")));
    Files.writeString(file, whole.stripTrailing());
    repair();
    assertEquals(whole, Files.readString(file), "only its end was missing");
  }

  @Test
  void whatIsSetAsideBeforeIsKept() throws IOException {
    Files.writeString(run.resolve("features.h5.damaged"), "first");
    Files.writeString(run.resolve("features.h5"), "second");
    repair();
    assertEquals("first", Files.readString(run.resolve("features.h5.damaged")));
    assertEquals("second", Files.readString(run.resolve("features.h5.damaged.2")));
  }

  @Test
  void aKilledAttemptEndsAndStatusIsStopped() throws Exception {
    Damage.STATUS_RUNNING.apply(run);
    Damage.ATTEMPT_WITHOUT_END.apply(run);
    repair();
    RunDirectory mended = RunDirectory.open(run);
    assertEquals(State.STOPPED, mended.status().orElseThrow().state());
    assertTrue(mended.attempts().stream().allMatch(attempt -> attempt.end().isPresent()));
  }

  @Test
  void lostKeysAreThoseOfTheNewestCheckpoint() throws IOException {
    String before = Files.readString(run.resolve("run.properties"));
    Files.delete(run.resolve("run.properties"));
    repair();
    assertEquals(before, Files.readString(run.resolve("run.properties")));
  }

  @Test
  void lostStatusIsRebuilt() throws IOException {
    var before = RunDirectory.open(run).status().orElseThrow();
    Files.writeString(run.resolve("status.json"), "{");
    repair();
    var after = RunDirectory.open(run).status().orElseThrow();
    assertEquals(
        before.as(0, 0, 0, null).toString().replaceAll("(updated|saved)=[^,]*", ""),
        after.as(0, 0, 0, null).toString().replaceAll("(updated|saved)=[^,]*", ""));
    assertEquals(before.epoch(), after.epoch());
    assertEquals(before.step(), after.step());
    assertEquals(before.attempts(), after.attempts());
    assertEquals(before.checkpoint(), after.checkpoint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status.json",
        "attempts.jsonl",
        "metrics.jsonl",
        "features.h5",
        "svm.h5",
        "profile.json",
        "run.properties",
        "checkpoints",
        "logs",
        "jobs",
        "jobs/submitted.jsonl",
        "checkpoints/ckpt-0003.h5"
      })
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
  void linksAndPipesAreNamedAndNotTouched(String name) throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path target = elsewhere.resolve("target");
    boolean isDirectory = !name.contains(".");
    if (isDirectory) {
      Files.createDirectory(target);
      Files.writeString(target.resolve(".x.partial"), "of somebody else");
      Files.writeString(target.resolve("submitted.jsonl"), "of somebody else");
    } else {
      Files.writeString(target, "of somebody else");
    }
    Path file = run.resolve(name);
    for (String kind : new String[] {"link", "pipe"}) {
      Damage.remove(file);
      if (kind.equals("link")) {
        Files.createSymbolicLink(file, target);
      } else {
        new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
      }
      List<String> there = Tree.of(elsewhere);
      List<Finding> found = repair();
      assertTrue(
          found.stream().anyMatch(one -> one.file().equals(file) && one.fate() == Fate.LEFT),
          found::toString);
      assertEquals(there, Tree.of(elsewhere));
      assertEquals(kind.equals("link"), Files.isSymbolicLink(file));
      assertFalse(Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS));
      assertEquals(3, InProcess.execute("repair", run.toString()).exitCode());
      assertTrue(repair().stream().allMatch(one -> one.fate() == Fate.LEFT));
    }
  }

  @Test
  void whatAUserWroteWrongIsLeftToThem() throws IOException {
    Path file = run.resolve("run.properties");
    Files.writeString(file, Files.readString(file) + "train.epoch = 5\n");
    String text = Files.readString(file);
    Finding finding = repair().get(0);
    assertEquals(Fate.LEFT, finding.fate());
    assertTrue(finding.toString().contains("train.epoch"), finding::toString);
    assertEquals(text, Files.readString(file));
  }

  @Test
  void theLastHopeIsNotSetAside() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      files = all.toList();
    }
    for (Path file : files) {
      Damage.cut(file);
    }
    List<Finding> found = repair();
    assertEquals(files.size(), found.size(), found::toString);
    assertTrue(found.stream().allMatch(one -> one.fate() == Fate.LEFT), found::toString);
    assertTrue(files.stream().allMatch(Files::exists));
  }

  @Test
  void aDryRunWithFindingsEndsWith3() throws IOException {
    assertEquals(0, InProcess.execute("repair", "--dry-run", run.toString()).exitCode());
    Files.delete(run.resolve("status.json"));
    assertEquals(3, InProcess.execute("repair", "--dry-run", run.toString()).exitCode());
    assertEquals(0, InProcess.execute("repair", run.toString()).exitCode());
    assertEquals(3, InProcess.execute("repair", directory.resolve("no").toString()).exitCode());
  }
}
