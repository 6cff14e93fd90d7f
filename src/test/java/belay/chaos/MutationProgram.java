package belay.chaos;

import belay.cli.InProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Changes files and runs the commands that read them, in a process whose heap is small. Prints a
 * line for each command that shows the inside of the program or ends with 1, and counts at the end;
 * a command that hangs ends the process.
 */
final class MutationProgram {
  private static final PrintStream OUT = System.out;

  private final Path fixture;
  private final Path work;
  private final long limitNanos;
  private final Map<String, Integer> counts = new TreeMap<>();
  private volatile String running = "";
  private volatile long began = System.nanoTime();
  private long slowest; // ns
  private String slowestCommand = "";

  private MutationProgram(Path fixture, Path work, long limitSeconds) {
    this.fixture = fixture;
    this.work = work;
    this.limitNanos = limitSeconds * 1_000_000_000;
  }

  /**
   * @param arguments fixture, an empty directory to work in, first seed, how many, seconds that a
   *     command may take
   */
  public static void main(String[] arguments) throws Exception {
    MutationProgram program =
        new MutationProgram(
            Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[4]));
    Thread watch = new Thread(program::watch, "watch");
    watch.setDaemon(true);
    watch.start();
    long first = Long.parseLong(arguments[2]);
    long count = Long.parseLong(arguments[3]);
    for (long seed = first; seed < first + count; seed++) {
      program.mutate(seed);
    }
    program.counts.forEach((what, times) -> OUT.println("COUNT " + what + " " + times));
    OUT.printf("SLOWEST %.1f s %s%n", program.slowest * 1e-9, program.slowestCommand);
    OUT.println("DONE " + count);
    Runtime.getRuntime().halt(0);
  }

  private void mutate(long seed) throws IOException {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    Mutation mutation = Mutation.any(random);
    Path place = work.resolve("m" + seed);
    copy(fixture, place);
    String change;
    try {
      change = mutation.apply(place, random);
    } catch (IllegalArgumentException
        | ArithmeticException e) { // what not even the format can hold
      count("impossible");
      delete(place);
      return;
    }
    count("mutation " + mutation);
    for (Reader reader : mutation.readers(random)) {
      String what = "seed=%d %s (%s) %s".formatted(seed, mutation, change, reader);
      run(what, reader.arguments(place));
    }
    delete(place);
  }

  private void run(String what, String... arguments) {
    running = what;
    began = System.nanoTime();
    InProcess.Outcome outcome = InProcess.execute(arguments);
    long took = System.nanoTime() - began;
    running = "";
    if (took > slowest) {
      slowest = took;
      slowestCommand = what;
    }
    count("exit " + outcome.exitCode());
    long errors = outcome.errors().lines().filter(line -> line.contains(" ERROR ")).count();
    if (outcome.exitCode() == 1 || outcome.showsTrace() || errors > 1) {
      OUT.println("FAILED " + what + " exit=" + outcome.exitCode());
      outcome.errors().lines().limit(12).forEach(line -> OUT.println("  " + line));
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(200);
        String now = running;
        if (!now.isEmpty() && System.nanoTime() - began > limitNanos) {
          OUT.println("FAILED " + now + " hangs");
          Thread.getAllStackTraces().entrySet().stream()
              .filter(thread -> thread.getKey().getName().equals("main"))
              .flatMap(thread -> Stream.of(thread.getValue()).limit(30))
              .forEach(frame -> OUT.println("  at " + frame));
          OUT.flush();
          Runtime.getRuntime().halt(3);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(from)) {
      files = tree.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(directory)) {
      files = tree.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
