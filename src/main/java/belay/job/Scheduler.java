package belay.job;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The one table of what schedulers tell a job: for each fact the environment variables that may
 * hold it, the best first. Spellings differ between versions of a scheduler.
 */
enum Scheduler {
  SLURM(
      Map.ofEntries(
          Map.entry(Fact.JOB_ID, List.of("SLURM_JOB_ID", "SLURM_JOBID")),
          Map.entry(Fact.ARRAY_ID, List.of("SLURM_ARRAY_JOB_ID")),
          Map.entry(Fact.ARRAY_INDEX, List.of("SLURM_ARRAY_TASK_ID")),
          Map.entry(Fact.RESTARTS, List.of("SLURM_RESTART_COUNT")),
          Map.entry(Fact.PROCESSORS, List.of("SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE")),
          Map.entry(Fact.MEMORY_PER_NODE, List.of("SLURM_MEM_PER_NODE")),
          Map.entry(Fact.MEMORY_PER_PROCESSOR, List.of("SLURM_MEM_PER_CPU")),
          Map.entry(Fact.GPUS, List.of("SLURM_STEP_GPUS", "SLURM_JOB_GPUS")),
          Map.entry(Fact.GPU_COUNT, List.of("SLURM_GPUS_ON_NODE", "SLURM_GPUS")),
          Map.entry(Fact.VISIBLE_GPUS, List.of("CUDA_VISIBLE_DEVICES")),
          Map.entry(Fact.NODE, List.of("SLURMD_NODENAME")),
          // Since Slurm 23; older ones are asked, see JobEnd.
          Map.entry(Fact.END, List.of("SLURM_JOB_END_TIME")))),
  OAR(
      Map.of(
          Fact.JOB_ID, List.of("OAR_JOB_ID", "OAR_JOBID"),
          Fact.ARRAY_ID, List.of("OAR_ARRAY_ID", "OAR_ARRAYID"),
          Fact.ARRAY_INDEX, List.of("OAR_ARRAY_INDEX", "OAR_ARRAYINDEX"),
          Fact.NODE_FILE, List.of("OAR_NODEFILE", "OAR_NODE_FILE", "OAR_FILE_NODES"),
          Fact.VISIBLE_GPUS, List.of("CUDA_VISIBLE_DEVICES"),
          // From jobs/attempt.sh: OAR tells how long a job may last, and not since when.
          Fact.BEGAN, List.of("BELAY_JOB_BEGAN"),
          Fact.WALLTIME, List.of("OAR_JOB_WALLTIME_SECONDS"))),
  /** A process that jobs/local.sh starts again. */
  LOCAL(
      Map.of(
          Fact.JOB_ID, List.of("BELAY_LOCAL_JOB"),
          Fact.VISIBLE_GPUS, List.of("CUDA_VISIBLE_DEVICES"))),
  NONE(Map.of(Fact.VISIBLE_GPUS, List.of("CUDA_VISIBLE_DEVICES")));

  /** What Slurm before 21 writes where others write nothing. */
  private static final String NO_GPUS = "NoDevFiles";

  private static final Pattern LAST_NUMBER = Pattern.compile("\\b[0-9]{1,3}$");

  private final Map<Fact, List<String>> variables;

  Scheduler(Map<Fact, List<String>> variables) {
    this.variables = variables;
  }

  /** The scheduler whose job this environment belongs to. */
  static Scheduler of(Map<String, String> environment) {
    for (Scheduler scheduler : values()) {
      if (scheduler.text(Fact.JOB_ID, environment).isPresent()) {
        return scheduler;
      }
    }
    return NONE;
  }

  /** The first of the fact's variables that is set to something. */
  Optional<String> text(Fact fact, Map<String, String> environment) {
    return variables.getOrDefault(fact, List.of()).stream()
        .map(name -> environment.getOrDefault(name, "").strip())
        .filter(value -> !value.isEmpty() && !value.equals(NO_GPUS))
        .findFirst();
  }

  /**
   * The GPUs that the job may use, by number or UUID. Slurm always says whether it gave any: what
   * else CUDA shows in its jobs is a person's wish.
   */
  Optional<String> gpus(Map<String, String> environment) {
    Optional<String> visible = text(Fact.VISIBLE_GPUS, environment);
    if (this != SLURM) {
      return visible;
    }
    return text(Fact.GPUS, environment)
        .or(() -> text(Fact.GPU_COUNT, environment).flatMap(Scheduler::numbers))
        .map(given -> visible.orElse(given));
  }

  /** "0,1" of "2" or "a100:2". */
  private static Optional<String> numbers(String count) {
    Matcher last = LAST_NUMBER.matcher(count);
    int gpus = last.find() ? Integer.parseInt(last.group()) : 1;
    return gpus == 0
        ? Optional.empty()
        : Optional.of(
            IntStream.range(0, gpus).mapToObj(Integer::toString).collect(Collectors.joining(",")));
  }

  /** Absent, zero ("as much as there is") and unreadable values are all no number. */
  Optional<Long> number(Fact fact, Map<String, String> environment) {
    try {
      return text(fact, environment).map(Long::valueOf).filter(value -> value > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
