package belay.cluster;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The one table of what schedulers tell a job: for each fact the environment variables that may
 * hold it, the best first. Spellings differ between versions of a scheduler.
 */
enum Scheduler {
  SLURM(
      List.of("SLURM_JOB_ID", "SLURM_JOBID"),
      List.of("SLURM_ARRAY_JOB_ID"),
      List.of("SLURM_ARRAY_TASK_ID"),
      List.of("SLURM_RESTART_COUNT"),
      List.of("SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"),
      List.of(),
      List.of("SLURM_MEM_PER_NODE"),
      List.of("SLURM_MEM_PER_CPU")),
  OAR(
      List.of("OAR_JOB_ID", "OAR_JOBID"),
      List.of("OAR_ARRAY_ID", "OAR_ARRAYID"),
      List.of("OAR_ARRAY_INDEX", "OAR_ARRAYINDEX"),
      List.of(),
      List.of(),
      List.of("OAR_NODEFILE", "OAR_NODE_FILE", "OAR_FILE_NODES"),
      List.of(),
      List.of()),
  NONE(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  final List<String> jobId;
  final List<String> arrayId;
  final List<String> arrayIndex;
  final List<String> restarts;
  final List<String> processors;
  final List<String> nodeFile; // a line per processor, naming its host
  final List<String> memoryPerNode; // MiB
  final List<String> memoryPerProcessor; // MiB

  Scheduler(
      List<String> jobId,
      List<String> arrayId,
      List<String> arrayIndex,
      List<String> restarts,
      List<String> processors,
      List<String> nodeFile,
      List<String> memoryPerNode,
      List<String> memoryPerProcessor) {
    this.jobId = jobId;
    this.arrayId = arrayId;
    this.arrayIndex = arrayIndex;
    this.restarts = restarts;
    this.processors = processors;
    this.nodeFile = nodeFile;
    this.memoryPerNode = memoryPerNode;
    this.memoryPerProcessor = memoryPerProcessor;
  }

  /** The scheduler whose job this environment belongs to. */
  static Scheduler of(Map<String, String> environment) {
    for (Scheduler scheduler : values()) {
      if (first(environment, scheduler.jobId).isPresent()) {
        return scheduler;
      }
    }
    return NONE;
  }

  /** The first of the variables that is set to something. */
  static Optional<String> first(Map<String, String> environment, List<String> names) {
    return names.stream()
        .map(name -> environment.getOrDefault(name, "").strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
