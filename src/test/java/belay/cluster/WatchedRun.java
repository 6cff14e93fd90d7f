package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.chaos.RunBits;
import belay.checkpoint.Attempt;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A run directory as a user sees it while jobs work on it, and its process as root sees it. */
final class WatchedRun {
  private static final Duration PATIENCE = Duration.ofMinutes(12);
  private static final Pattern EPOCH = Pattern.compile(" epoch=(\\d+) step=(\\d+) train-loss=");
  private static final Pattern ATTEMPT = Pattern.compile(" stage=train .* attempt=(\\d+) ");
  private static final Pattern RESUMED = Pattern.compile(" resumed=\\S+ epoch=(\\d+) step=(\\d+)");

  private final Path path;

  WatchedRun(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** What all attempts have said. */
  String log() {
    Path log = path.resolve("logs/job.log");
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the log holds a text as often as this. */
  void awaitLog(String text, int times) {
    await(this + " to say " + text + " " + times + " times", () -> count(text) >= times);
  }

  int count(String text) {
    return log().split(Pattern.quote(text), -1).length - 1;
  }

  List<Attempt> attempts() {
    return RunDirectory.at(path).attempts();
  }

  /**
   * Stops the process in the middle of training, so that whatever comes next falls there however
   * slow this machine is. Signals reach it after {@link #release}.
   *
   * @param attempt waits until this one has finished an epoch of its own and saved it, so that a
   *     kill leaves something of every attempt
   */
  void hold(int attempt) {
    await(this + " to train in attempt " + attempt, () -> hasTrained(attempt));
    signal("STOP", attempt);
    assertTrue(attempts().get(attempt - 1).end().isEmpty(), this + " was over too soon: " + log());
  }

  /**
   * The same with whichever attempt comes so far.
   *
   * @return that attempt
   */
  int holdAny() {
    await(this + " to train", () -> hasTrained(attempts().size()) && isAlive(attempts().size()));
    int attempt = attempts().size();
    signal("STOP", attempt);
    return attempt;
  }

  private boolean isAlive(int attempt) {
    return attempt > 0 && attempts().get(attempt - 1).end().isEmpty();
  }

  void release(int attempt) {
    signal("CONT", attempt);
  }

  void kill(int attempt) {
    signal("KILL", attempt);
  }

  private boolean hasTrained(int attempt) {
    String log = log();
    int begin = log.indexOf(" attempt=" + attempt + " ");
    Matcher epoch = EPOCH.matcher(begin < 0 ? "" : log.substring(begin));
    return epoch.find() && saved() >= number(epoch, 2);
  }

  private long saved() {
    return RunDirectory.at(path).status().map(RunStatus::step).orElse(0L);
  }

  private void signal(String name, int attempt) {
    long process = attempts().get(attempt - 1).start().pid();
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Of attempts that have ended, how many were at work at one time. */
  static long mostAtOnce(List<Attempt> attempts) {
    return attempts.stream()
        .map(attempt -> attempt.start().started())
        .mapToLong(time -> attempts.stream().filter(other -> covers(other, time)).count())
        .max()
        .orElse(0);
  }

  private static boolean covers(Attempt attempt, Instant time) {
    return !attempt.start().started().isAfter(time)
        && attempt.end().orElseThrow().ended().isAfter(time);
  }

  /** Weights, moments and the history of losses, bit by bit. */
  void assertSameBits(WatchedRun undisturbed) {
    RunBits.assertSameTraining(undisturbed.last(), path);
  }

  Checkpoint last() {
    return RunBits.last(path);
  }

  /**
   * The log of training: attempts 1 to n, each but the first saying where it resumes, which is
   * where the one before has stopped; every epoch told, and once, as a stop on request saves all.
   */
  void assertReadsAsOneStory(int attempts) {
    assertAttempts(attempts);
    assertEquals(stops(attempts), resumptions(), log());
    int epochs = last().progress().epoch();
    assertEquals(IntStream.rangeClosed(1, epochs).boxed().toList(), numbers(EPOCH, log()), log());
  }

  /**
   * What is left of the story after a kill without warning, which may cost finished epochs, or come
   * between a checkpoint and the status that tells of it.
   */
  void assertResumedWithAllThatWasToldSaved(int attempts) {
    assertAttempts(attempts);
    List<List<Long>> stops = stops(attempts);
    List<List<Long>> resumptions = resumptions();
    assertEquals(stops.size(), resumptions.size(), log());
    for (int i = 0; i < stops.size(); i++) {
      assertTrue(resumptions.get(i).get(1) >= stops.get(i).get(1), log());
    }
  }

  private void assertAttempts(int attempts) {
    List<Integer> expected = IntStream.rangeClosed(1, attempts).boxed().toList();
    assertEquals(expected, numbers(ATTEMPT, log()), log());
  }

  /** Epoch and step at which attempts 1 to n - 1 ended, as far as the status told. */
  private List<List<Long>> stops(int attempts) {
    return attempts().stream()
        .filter(attempt -> attempt.start().stage().equals("train"))
        .limit(attempts - 1)
        .map(attempt -> attempt.end().orElseThrow())
        .map(end -> List.of((long) end.epoch(), end.step()))
        .toList();
  }

  private List<List<Long>> resumptions() {
    return RESUMED
        .matcher(log())
        .results()
        .map(at -> List.of(number(at, 1), number(at, 2)))
        .toList();
  }

  private static List<Integer> numbers(Pattern pattern, String log) {
    return pattern.matcher(log).results().map(at -> (int) number(at, 1)).toList();
  }

  private static long number(MatchResult at, int group) {
    return Long.parseLong(at.group(group));
  }

  /** No process is left that works on this run. */
  void assertNobodyLeft() {
    await("the processes of " + this + " to end", () -> !isWorkedOn());
  }

  private boolean isWorkedOn() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(command -> command.contains("--run " + path));
  }

  @Override
  public String toString() {
    return path.getFileName().toString();
  }

  /** Between two questions it waits nine times as long as an answer took, half a second at most. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    long asked = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (now > end) {
        throw new AssertionError("waited in vain for " + what);
      }
      try {
        Thread.sleep(Math.max(100, Math.min(500, 9 * (now - asked) / 1_000_000)));
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting for " + what, e);
      }
      asked = System.nanoTime();
    }
  }
}
