package belay.checkpoint;

import belay.storage.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process, so described that another one can tell whether it still lives.
 *
 * @param pidNamespace in which the pid counts: containers of one host see different processes
 * @param user whose processes may be hidden from others
 * @param startTicks clock ticks from the boot to the start of the process: a pid is used again
 */
record LeaseOwner(
    String host, String bootId, String pidNamespace, String user, long pid, long startTicks) {
  private static final Path PROC = Path.of("/proc");

  /** This process. */
  static LeaseOwner self() {
    Host host = Host.local();
    long pid = ProcessHandle.current().pid();
    return new LeaseOwner(
        host.name(),
        host.bootId(),
        namespace(),
        System.getProperty("user.name"),
        pid,
        runningSince(pid));
  }

  /**
   * Whether {@link #lives} can be asked about the other process. The name of the host alone would
   * not do: two machines may both be called "localhost".
   */
  boolean sees(LeaseOwner other) {
    return !bootId.isEmpty()
        && !pidNamespace.isEmpty()
        && bootId.equals(other.bootId)
        && host.equals(other.host)
        && pidNamespace.equals(other.pidNamespace)
        && user.equals(other.user);
  }

  /** Whether the process runs on this machine, now. */
  boolean lives() {
    return startTicks > 0 && runningSince(pid) == startTicks;
  }

  /** Start of a running process, see proc(5), /proc/PID/stat fields 3 and 22; 0 if it is gone. */
  private static long runningSince(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      // The second field is the command in brackets, which may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead ? 0 : Long.parseLong(fields[19]);
    } catch (IOException e) {
      return 0;
    }
  }

  private static String namespace() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return "host " + host + ", process " + pid + ", user " + user;
  }
}
