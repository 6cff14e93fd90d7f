package belay.job;

import belay.storage.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
 * @param gpus that the job may use, as the scheduler says: "0,1", or UUIDs
 * @param node this machine, as the scheduler calls it
 */
public record JobContext(
    String scheduler,
    Optional<String> jobId,
    Optional<String> arrayId,
    Optional<String> arrayIndex,
    int restarts,
    int processors,
    OptionalLong memoryBytes,
    Optional<String> gpus,
    String node) {
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
    List<String> nodes =
        facts.text(Fact.NODE_FILE, environment).map(JobContext::lines).orElse(List.of());
    List<String> here =
        nodes.stream().filter(node -> shortName(node).equals(shortName(host))).toList();
    // An alias may be in use.
    List<String> own = here.isEmpty() ? nodes : here;
    int allotted =
        facts
            .number(Fact.PROCESSORS, environment)
            .map(Long::intValue)
            .orElse(own.isEmpty() ? available : own.size());
    return new JobContext(
        facts.toString(),
        facts.text(Fact.JOB_ID, environment),
        facts.text(Fact.ARRAY_ID, environment),
        facts.text(Fact.ARRAY_INDEX, environment),
        facts.number(Fact.RESTARTS, environment).map(Long::intValue).orElse(0),
        Math.max(1, Math.min(allotted, available)),
        memory(facts, environment, allotted),
        facts.gpus(environment),
        facts.text(Fact.NODE, environment).orElse(own.isEmpty() ? host : own.get(0)));
  }

  /** Whether a scheduler started this process, and may start it again. */
  public boolean isJob() {
    return jobId.isPresent();
  }

  /**
   * The GPU that the scheduler gave to this job; empty outside a job, for a job without one, and
   * where the scheduler does not answer.
   *
   * @param timeout of a question to the scheduler: only Slurm tells its jobs
   */
  public Optional<GivenGpu> givenGpu(Duration timeout) {
    return isJob()
        ? GivenGpu.toldOf(this, timeout).map(what -> new GivenGpu(what, this))
        : Optional.empty();
  }

  /** A line a processor, each naming its host. */
  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private static String shortName(String host) {
    return host.split("\\.", 2)[0];
  }

  private static OptionalLong memory(
      Scheduler facts, Map<String, String> environment, int processors) {
    Optional<Long> node = facts.number(Fact.MEMORY_PER_NODE, environment);
    Optional<Long> each = facts.number(Fact.MEMORY_PER_PROCESSOR, environment);
    if (node.isPresent()) {
      return OptionalLong.of(node.get() * MIB);
    }
    return each.isPresent() ? OptionalLong.of(each.get() * MIB * processors) : OptionalLong.empty();
  }
}
