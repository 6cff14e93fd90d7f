package belay.cli;

import belay.cluster.StopSignals;
import java.util.Locale;

/** Entry point of the jar. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    StopSignals.install(); // first: a signal that comes before would kill the JVM
    Locale.setDefault(Locale.ROOT); // numbers in logs and files look the same everywhere
    System.exit(Belay.commandLine().execute(args));
  }
}
