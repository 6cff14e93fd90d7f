package belay.checkpoint;

import belay.error.BelayException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Takes the lease of a run directory and obeys the lines of its input: "go" before it begins, then
 * "check", and at the end "close". Arguments: directory, host name to pretend or "-", heartbeat and
 * patience in milliseconds.
 */
final class RunLeaseProgram {
  private RunLeaseProgram() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    in.readLine();
    try (RunLease lease = acquire(arguments)) {
      System.out.println("owner");
      while ("check".equals(in.readLine())) {
        lease.check();
        System.out.println("owner still");
      }
    } catch (BelayException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      System.exit(e.exitCode().code());
    }
  }

  private static RunLease acquire(String[] arguments) {
    RunLease.Timing timing =
        new RunLease.Timing(
            Duration.ofMillis(Long.parseLong(arguments[2])),
            Duration.ofMillis(Long.parseLong(arguments[3])));
    LeaseOwner self = on(arguments[1]);
    return RunLease.acquire(Path.of(arguments[0]), "train", timing, () -> false, self);
  }

  /** This process as it would look from a machine of another name. */
  static LeaseOwner on(String host) {
    LeaseOwner self = LeaseOwner.self();
    return host.equals("-")
        ? self
        : new LeaseOwner(
            host,
            "boot of " + host,
            self.pidNamespace(),
            self.user(),
            self.pid(),
            self.startTicks());
  }
}
