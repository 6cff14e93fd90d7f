package belay.cli;

import belay.job.StopSignals;
import belay.run.Timings;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Entry point of the jar. */
public final class Main {
  private static final long BEGAN_MILLIS = System.currentTimeMillis();
  private static final long BEGAN = System.nanoTime();

  private Main() {}

  /** Counts what a process does before it works. */
  static void times(Timings timings) {
    long jvm = BEGAN_MILLIS - ManagementFactory.getRuntimeMXBean().getStartTime();
    timings.before("JVM start", jvm * 1_000_000);
    timings.before("command line and lease", timings.began() - BEGAN);
  }

  public static void main(String[] args) {
    StopSignals.install(); // first: a signal that comes before would kill the JVM
    Locale.setDefault(Locale.ROOT); // numbers in logs and files look the same everywhere
    System.exit(Belay.commandLine().execute(args));
  }
}
