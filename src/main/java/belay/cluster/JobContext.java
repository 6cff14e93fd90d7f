package belay.cluster;

import belay.storage.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the scheduler says about the job that this process runs in. For logs and for the number of
 * threads: nothing that must survive a preemption may be keyed on it, since a resubmitted OAR job
 * has a new id.
 *
 * @param scheduler "slurm", "oar" or "none"
 * @param jobId of this attempt
 * @param arrayId of the job array; on OAR every job has one, and it survives resubmission
 * @param arrayIndex of this job in its array
 * @param restarts how often the scheduler has requeued this job id; OAR does not count
 * @param processors that this process may keep busy on this host, at least 1
 * @param memoryBytes that the job may use on this host, where the scheduler says
 */
public record JobContext(
    String scheduler,
    Optional<String> jobId,
    Optional<String> arrayId,
    Optional<String> arrayIndex,
    int restarts,
    int processors,
    OptionalLong memoryBytes) {
  private static final long MIB = 1 << 20;

  /** Of this process. */
  public static JobContext local() {
    return of(System.getenv(), Host.local().name(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param host this machine's name, with or without its domain
   * @param available processors that the JVM may use: the affinity mask or the container's share,
   *     which a scheduler may or may not have set
   */
  static JobContext of(Map<String, String> environment, String host, int available) {
    Scheduler facts = Scheduler.of(environment);
    int allotted = allotted(facts, environment, host).orElse(available);
    return new JobContext(
        facts.toString(),
        Scheduler.first(environment, facts.jobId),
        Scheduler.first(environment, facts.arrayId),
        Scheduler.first(environment, facts.arrayIndex),
        number(environment, facts.restarts).orElse(0),
        Math.max(1, Math.min(allotted, available)),
        memory(facts, environment, allotted));
  }

  private static Optional<Integer> allotted(
      Scheduler facts, Map<String, String> environment, String host) {
    return number(environment, facts.processors)
        .or(() -> Scheduler.first(environment, facts.nodeFile).flatMap(file -> lines(file, host)));
  }

  /** Lines that name this host; all of them where none does, as an alias may be in use. */
  private static Optional<Integer> lines(String file, String host) {
    try {
      List<String> nodes =
          Files.readAllLines(Path.of(file)).stream().filter(line -> !line.isBlank()).toList();
      int here =
          (int) nodes.stream().filter(node -> shortName(node).equals(shortName(host))).count();
      int lines = here > 0 ? here : nodes.size();
      return lines > 0 ? Optional.of(lines) : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static String shortName(String host) {
    return host.strip().split("\\.", 2)[0];
  }

  private static OptionalLong memory(
      Scheduler facts, Map<String, String> environment, int processors) {
    Optional<Integer> node = number(environment, facts.memoryPerNode);
    Optional<Integer> each = number(environment, facts.memoryPerProcessor);
    if (node.isPresent()) {
      return OptionalLong.of(node.get() * MIB);
    }
    return each.isPresent() ? OptionalLong.of(each.get() * MIB * processors) : OptionalLong.empty();
  }

  /** Absent, zero ("as much as there is") and unreadable values are all no number. */
  private static Optional<Integer> number(Map<String, String> environment, List<String> names) {
    try {
      return Scheduler.first(environment, names).map(Integer::valueOf).filter(value -> value > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
