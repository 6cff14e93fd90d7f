package belay.cluster;

import java.util.List;

/**
 * What a job waits for before it begins, besides a place. Given to the scheduler's command and not
 * written into the script, since a job that comes back has had it.
 *
 * @param complete jobs of the same runs, in order, that must be complete
 * @param ended jobs that must be over, however they ended
 * @param begin as in {@link JobRequest}
 * @param dependency as in {@link JobRequest}
 */
public record JobStart(
    List<SubmittedJob> complete, List<SubmittedJob> ended, String begin, String dependency) {

  /** Of the first jobs of a submission. */
  static JobStart first(JobRequest request) {
    return new JobStart(List.of(), List.of(), request.begin(), request.dependency());
  }

  static JobStart afterSuccess(List<SubmittedJob> jobs) {
    return new JobStart(jobs, List.of(), "", "");
  }

  static JobStart afterEnd(List<SubmittedJob> jobs) {
    return new JobStart(List.of(), jobs, "", "");
  }

  /** The job that the one of a run comes after; null for none, or for many. */
  String before(int run) {
    if (!complete.isEmpty()) {
      return complete.get(run).job();
    }
    return ended.size() == 1 ? ended.get(0).job() : null;
  }
}
