package belay.job;

/** What a scheduler may tell a job about itself. */
enum Fact {
  JOB_ID,
  ARRAY_ID,
  ARRAY_INDEX,
  /** How often this job id has been requeued. */
  RESTARTS,
  PROCESSORS,
  /** A file of a line per processor, naming its host. */
  NODE_FILE,
  /** MiB. */
  MEMORY_PER_NODE,
  /** MiB. */
  MEMORY_PER_PROCESSOR,
  /** The GPUs of the job, by number or UUID. */
  GPUS,
  /** How many there are: "2", or "a100:2". */
  GPU_COUNT,
  /** The GPUs that CUDA shows, by number or UUID; a person may have set it. */
  VISIBLE_GPUS,
  /** This machine, as the scheduler calls it. */
  NODE,
  /** When the time limit ends the job, seconds since 1970. */
  END,
  /** When the job began, seconds since 1970. */
  BEGAN,
  /** The time limit, seconds. */
  WALLTIME
}
