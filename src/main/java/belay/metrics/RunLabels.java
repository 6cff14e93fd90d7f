package belay.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * What every series of a process says about its origin.
 *
 * @param run name of the run directory
 * @param stage train, extract or classify
 * @param scheduler slurm, oar or none
 * @param job the scheduler's id of the job, empty outside one; its label is job_id, because {@code
 *     job} is what Prometheus calls the thing that it scrapes
 */
public record RunLabels(String run, String stage, String scheduler, String job) {
  /**
   * @param series name and labels in Prometheus' text format
   * @return whether another stage of the same run has said it
   */
  boolean isOtherStage(String series) {
    return has(series, "run", run) && series.contains(",stage=") && !has(series, "stage", stage);
  }

  private static boolean has(String series, String label, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return series.contains("," + label + "=\"" + escaped + "\"");
  }

  Tags tags() {
    return Tags.of("run", run, "stage", stage, "scheduler", scheduler, "job_id", job);
  }
}
