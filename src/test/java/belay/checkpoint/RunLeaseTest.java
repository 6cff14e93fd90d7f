package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.Child;
import belay.error.BusyException;
import belay.error.DataException;
import belay.error.ExitCode;
import belay.error.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunLeaseTest {
  /** Long enough that a test which waited for it would hit its time limit. */
  private static final RunLease.Timing PATIENT = timing(60_000, 1_000_000);

  private static final RunLease.Timing BRISK = timing(50, 500);

  /** For owners that must not be taken for dead, however slow this machine's disk is at times. */
  private static final RunLease.Timing CALM = timing(50, 10_000);

  @TempDir Path run;

  @Test
  void refusesASecondProcessAndNamesTheFirst() throws Exception {
    try (Child owner = owner("-", PATIENT)) {
      BusyException refusal = assertThrows(BusyException.class, () -> acquire(PATIENT));
      assertEquals(ExitCode.BUSY, refusal.exitCode());
      String message = refusal.getMessage();
      assertTrue(message.contains("process " + owner.pid()), message);
      assertTrue(message.contains("host " + LeaseOwner.self().host()), message);
      assertTrue(message.contains("train"), message);
      assertTrue(message.contains("scancel"), message);
      assertTrue(message.contains("lease-1.json"), message);
      owner.say("check");
      assertEquals("owner still", owner.line());
    }
  }

  @Test
  void refusesTheSameProcessToo() throws Exception {
    try (RunLease first = acquire(PATIENT)) {
      assertThrows(BusyException.class, () -> acquire(PATIENT));
      first.check();
    }
  }

  @Test
  void takesOverFromAKilledProcessWithoutWaiting() throws Exception {
    try (Child owner = owner("-", PATIENT)) {
      owner.signal("KILL");
      owner.exitCode();
      try (RunLease lease = acquire(PATIENT)) {
        lease.check();
        assertEquals(List.of("lease-2.json"), files());
      }
    }
  }

  @Test
  void beginsAtOnceAfterAnOwnerThatEndedInOrder() throws Exception {
    try (Child owner = owner("node7", PATIENT)) {
      owner.say("close");
      assertEquals(0, owner.exitCode());
      acquire(PATIENT).close();
      acquire(PATIENT).close();
      assertEquals(List.of("lease-3.json"), files());
    }
  }

  @Test
  void refusesWhileAnotherMachinesOwnerShowsItsHeartbeat() throws Exception {
    try (Child owner = owner("node7", CALM)) {
      BusyException refusal = assertThrows(BusyException.class, () -> acquire(CALM));
      assertTrue(refusal.getMessage().contains("host node7"), refusal.getMessage());
      owner.say("check");
      assertEquals("owner still", owner.line());
    }
  }

  @Test
  void waitsLongerForAnOwnerWithASlowerHeartbeat() throws Exception {
    try (Child owner = owner("node7", timing(2_000, 1))) {
      assertThrows(BusyException.class, () -> acquire(timing(50, 1)));
      owner.say("check");
      assertEquals("owner still", owner.line());
    }
  }

  @Test
  void aFrozenOwnerNoticesTheLossBeforeItWrites() throws Exception {
    try (Child owner = owner("node7", BRISK)) {
      owner.signal("STOP");
      try (RunLease lease = acquire(BRISK)) {
        owner.signal("CONT");
        owner.say("check");
        String loss = owner.line();
        assertTrue(loss.startsWith("BusyException: Lost the run directory"), loss);
        assertTrue(loss.contains("process " + ProcessHandle.current().pid()), loss);
        assertEquals(ExitCode.BUSY.code(), owner.exitCode());
        lease.check();
        assertEquals(List.of("lease-2.json"), files());
      }
    }
  }

  @Test
  void anOwnerWhoseLeaseWasDeletedByHandStops() throws Exception {
    try (RunLease lease = acquire(BRISK)) {
      Files.delete(run.resolve("lease-1.json"));
      BusyException loss = assertThrows(BusyException.class, lease::check);
      assertTrue(loss.getMessage().contains("lease-1.json was removed"), loss.getMessage());
    }
  }

  @Test
  void theHeartbeatGoesOnAfterTheRunDirectoryWasAwayForAWhile() throws Exception {
    Path home = Files.createDirectory(run.resolve("run"));
    Path away = run.resolve("away");
    try (RunLease lease = RunLease.acquire(home, "train", timing(20, 60_000), () -> false)) {
      Files.move(home, away);
      Thread.sleep(400); // for many heartbeats to miss it
      long before = beat(away);
      Files.move(away, home);
      while (beat(home) <= before + 3) {
        Thread.sleep(10);
      }
      lease.check();
    }
  }

  @Test
  void keepsBackWhatWouldBeWrittenWhileTheLeaseIsMissing() throws Exception {
    Path lease = run.resolve("lease-1.json");
    Path away = run.resolve("away");
    try (RunLease owner = acquire(timing(20, 60_000))) {
      Files.move(lease, away);
      FutureTask<Void> write =
          new FutureTask<>(
              () -> {
                owner.check();
                return null;
              });
      new Thread(write).start();
      Thread.sleep(400);
      assertFalse(write.isDone());
      Files.move(away, lease);
      write.get();
    }
  }

  @Test
  void aLeaseThatStaysAwayIsLostOnceOthersWouldTakeTheRun() throws Exception {
    try (RunLease owner = acquire(BRISK)) {
      Files.move(run.resolve("lease-1.json"), run.resolve("away"));
      assertThrows(BusyException.class, owner::check);
      Files.move(run.resolve("away"), run.resolve("lease-1.json"));
    }
  }

  @Test
  void aHigherNumberIsALossThoughTheOwnLeaseIsStillThere() throws Exception {
    try (RunLease owner = acquire(PATIENT)) {
      Files.writeString(run.resolve("lease-2.json"), lease(RunLeaseProgram.on("node7")).text());
      BusyException loss = assertThrows(BusyException.class, owner::check);
      assertTrue(loss.getMessage().contains("to host node7"), loss.getMessage());
    }
  }

  @Test
  void theLastNumberIsRefusedWithAWord() throws Exception {
    Files.writeString(run.resolve("lease-999999999.json"), lease(dead()).text());
    DataException problem = assertThrows(DataException.class, () -> acquire(PATIENT));
    for (String word : List.of("lease-999999999.json", "delete it", "belay repair " + run)) {
      assertTrue(problem.getMessage().contains(word), problem.getMessage());
    }
    assertEquals(List.of("lease-999999999.json"), files());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe", "directory", "link", "large"})
  void whatIsNoFileInPlaceOfALeaseIsRefusedWithAWord(String kind) throws Exception {
    Path lease = run.resolve("lease-3.json");
    Path elsewhere = Files.writeString(run.resolve("elsewhere"), lease(dead()).text());
    switch (kind) {
      case "pipe" -> new ProcessBuilder("mkfifo", lease.toString()).start().waitFor();
      case "directory" -> Files.createDirectory(lease);
      case "link" -> Files.createSymbolicLink(lease, elsewhere);
      default -> Files.write(lease, new byte[(1 << 20) + 1]);
    }
    DataException problem = assertThrows(DataException.class, () -> acquire(PATIENT));
    for (String word : List.of("lease-3.json", "delete it", "belay repair " + run)) {
      assertTrue(problem.getMessage().contains(word), problem.getMessage());
    }
    assertEquals(List.of("elsewhere", "lease-3.json"), files());
  }

  @Test
  void refusesToVouchForAWriteAfterTheEnd() {
    RunLease lease = acquire(PATIENT);
    lease.close();
    assertThrows(IllegalStateException.class, lease::check);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "[]",
        "{",
        "{}",
        "\"text\"",
        "{\"token\":1}",
        "{\"token\":\"t\",\"owner\":{},\"since\":\"2026-01-01T00:00:00Z\"}",
        "{\"token\":\"t\",\"owner\":{\"pid\":1e99}}",
        "\u0000\u0000\u0000"
      })
  void takesOverAnUnreadableLease(String text) throws Exception {
    Files.writeString(run.resolve("lease-4.json"), text);
    try (RunLease lease = acquire(timing(1_000, 50))) {
      lease.check();
      assertEquals(List.of("lease-5.json"), files());
    }
  }

  @Test
  void anUnreadableLeaseIsJudgedOnceItBecomesReadable() throws Exception {
    Files.writeString(run.resolve("lease-1.json"), "");
    Thread first = later("lease-1.json", lease(LeaseOwner.self()));
    assertThrows(BusyException.class, () -> acquire(timing(1_000, 60_000)));
    first.join();
    Files.writeString(run.resolve("lease-1.json"), "");
    Thread second = later("lease-1.json", lease(dead()));
    acquire(timing(1_000, 60_000)).close();
    second.join();
  }

  @Test
  void doesNotTakeAnotherProcessWithTheSameNumberForTheOwner() throws Exception {
    LeaseOwner self = LeaseOwner.self();
    LeaseOwner earlier =
        new LeaseOwner(
            self.host(),
            self.bootId(),
            self.pidNamespace(),
            self.user(),
            self.pid(),
            self.startTicks() - 1);
    Files.writeString(run.resolve("lease-1.json"), lease(earlier).text());
    acquire(PATIENT).close();
  }

  @Test
  void doesNotJudgeByThePidInAnotherContainer() throws Exception {
    LeaseOwner self = LeaseOwner.self();
    LeaseOwner elsewhere =
        new LeaseOwner(self.host(), self.bootId(), "pid:[1]", self.user(), 999_999_999, 1);
    Files.writeString(run.resolve("lease-1.json"), lease(elsewhere).text());
    assertThrows(StoppedException.class, () -> RunLease.acquire(run, "train", PATIENT, () -> true));
  }

  @Test
  void stopsWaitingWhenAsked() throws Exception {
    Files.writeString(run.resolve("lease-1.json"), lease(RunLeaseProgram.on("node7")).text());
    assertThrows(StoppedException.class, () -> RunLease.acquire(run, "train", PATIENT, () -> true));
    assertEquals(List.of("lease-1.json"), files());
  }

  @Test
  void ignoresFilesThatOnlyLookLikeLeases() throws Exception {
    for (String name : List.of("lease-0.json", "lease-x.json", "lease-99999999999.json")) {
      Files.writeString(run.resolve(name), lease(LeaseOwner.self()).text());
    }
    try (RunLease lease = acquire(PATIENT)) {
      lease.check();
      assertTrue(files().contains("lease-1.json"));
    }
  }

  @Test
  void saysThatTheDirectoryIsMissing() {
    Path missing = run.resolve("missing");
    DataException problem =
        assertThrows(
            DataException.class, () -> RunLease.acquire(missing, "train", PATIENT, () -> false));
    assertTrue(problem.getMessage().contains(missing.toString()), problem.getMessage());
  }

  @RepeatedTest(3)
  void ofTenProcessesExactlyOneTakesADeadLease() throws Exception {
    Files.writeString(run.resolve("lease-1.json"), lease(dead()).text());
    List<Child> children = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        children.add(Child.start(RunLeaseProgram.class, arguments("-", PATIENT)));
      }
      for (Child child : children) {
        assertEquals("ready", child.line());
      }
      children.forEach(child -> child.say("go"));
      int owners = 0;
      for (Child child : children) {
        String answer = child.line();
        owners += answer.equals("owner") ? 1 : 0;
        assertTrue(answer.equals("owner") || answer.startsWith("BusyException"), answer);
      }
      assertEquals(1, owners);
      assertEquals(List.of("lease-2.json"), files());
    } finally {
      children.forEach(Child::close);
    }
  }

  /** Other machines cannot look at pids, so that every contender waits and then jumps at once. */
  @RepeatedTest(2)
  void ofTenMachinesExactlyOneTakesASilentLease() throws Exception {
    Files.writeString(run.resolve("lease-1.json"), lease(RunLeaseProgram.on("lost")).text());
    List<RunLease> leases =
        together(
            10,
            index -> {
              LeaseOwner self = RunLeaseProgram.on("node" + index);
              return RunLease.acquire(run, "train", timing(100, 2_000), () -> false, self);
            });
    assertEquals(1, leases.size());
    leases.get(0).check();
    leases.get(0).close();
  }

  @Test
  void thereAreNeverTwoOwnersAtOnce() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    together(
        8,
        index -> {
          while (turns.get() < 100) {
            try (RunLease lease = acquire(PATIENT)) {
              assertEquals(1, inside.incrementAndGet());
              lease.check();
              turns.incrementAndGet();
              inside.decrementAndGet();
            } catch (BusyException e) {
              Thread.onSpinWait();
            }
          }
          return null;
        });
    assertTrue(turns.get() >= 100);
    assertEquals(1, files().size());
  }

  @Test
  void aContenderThatOversleptStepsBack() throws Exception {
    Files.writeString(run.resolve("lease-7.json"), lease(LeaseOwner.self()).text());
    LeaseClaim late =
        new LeaseClaim(new LeaseFiles(run), run, PATIENT, () -> false, LeaseOwner.self());
    assertFalse(late.create(3, late.draft("train")));
    assertEquals(List.of("lease-7.json"), files());
  }

  @Test
  void createsALeaseOnlyOnceWithoutHardLinksToo() throws Exception {
    LeaseFiles files = new LeaseFiles(run);
    assertTrue(files.createInPlace(1, "first"));
    assertFalse(files.createInPlace(1, "second"));
    assertEquals("first", files.read(1).orElseThrow());
  }

  private static long beat(Path directory) throws IOException {
    String text = Files.readString(directory.resolve("lease-1.json"));
    return Lease.parse(text).map(Lease::beat).orElse(0L);
  }

  private Thread later(String name, Lease lease) {
    Thread writer =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
                Path whole = Files.writeString(run.resolve("whole"), lease.text());
                Files.move(whole, run.resolve(name), StandardCopyOption.ATOMIC_MOVE);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    return writer;
  }

  private interface Contender {
    RunLease take(int index) throws Exception;
  }

  /** Runs the contenders from one moment on; returns what those got who were not refused. */
  private static List<RunLease> together(int count, Contender contender) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CyclicBarrier barrier = new CyclicBarrier(count);
    List<Future<RunLease>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      Callable<RunLease> task =
          () -> {
            barrier.await();
            try {
              return contender.take(index);
            } catch (BusyException refused) {
              return null;
            }
          };
      results.add(threads.submit(task));
    }
    threads.shutdown();
    List<RunLease> leases = new ArrayList<>();
    for (Future<RunLease> result : results) {
      leases.add(result.get());
    }
    leases.removeIf(lease -> lease == null);
    return leases;
  }

  private RunLease acquire(RunLease.Timing timing) {
    return RunLease.acquire(run, "train", timing, () -> false);
  }

  private Child owner(String host, RunLease.Timing timing) throws IOException {
    Child child = Child.start(RunLeaseProgram.class, arguments(host, timing));
    child.say("go");
    assertEquals("ready", child.line());
    assertEquals("owner", child.line());
    return child;
  }

  private String[] arguments(String host, RunLease.Timing timing) {
    return new String[] {
      run.toString(),
      host,
      Long.toString(timing.heartbeat().toMillis()),
      Long.toString(timing.staleAfter().toMillis())
    };
  }

  private List<String> files() throws IOException {
    try (var list = Files.list(run)) {
      return list.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Lease lease(LeaseOwner owner) {
    return new Lease("token of the owner", owner, "train", Instant.now(), 0, 3, null);
  }

  /** A process of this machine that is gone. */
  private static LeaseOwner dead() {
    LeaseOwner self = LeaseOwner.self();
    return new LeaseOwner(
        self.host(), self.bootId(), self.pidNamespace(), self.user(), 999_999_999, 1);
  }

  private static RunLease.Timing timing(long heartbeat, long staleAfter) {
    return new RunLease.Timing(Duration.ofMillis(heartbeat), Duration.ofMillis(staleAfter));
  }
}
