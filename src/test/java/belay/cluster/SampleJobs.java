package belay.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Jobs for tests. */
public final class SampleJobs {
  public static final Duration TIMEOUT = Duration.ofSeconds(600);

  private SampleJobs() {}

  /** On idle nodes, an A100, everything that a site may want. */
  static JobTerms idleGpu() {
    return new JobTerms(
        "pr-climb",
        "idle",
        "scavenger",
        "gpu:a100:1",
        "a100-40g|a100-80g",
        "(mem > 64) AND (gpumodel='A100')",
        "/nodes=1/gpu=1",
        true,
        120,
        Duration.ofHours(2),
        8,
        32768,
        0,
        request());
  }

  /** As little as possible. */
  static JobTerms plain() {
    return new JobTerms(
        "",
        "",
        "",
        "",
        "",
        "",
        "/nodes=1/core=4",
        false,
        0,
        Duration.ofSeconds(5400),
        4,
        0,
        0,
        JobRequest.NONE);
  }

  /** Everything that a user may ask for. */
  static JobRequest request() {
    return new JobRequest(
        "n7,n8",
        "course",
        "kim@example.org",
        List.of("END", "FAIL"),
        "2026-12-24T20:00",
        "afterany:4711",
        List.of());
  }

  /** The same terms with more options of the scheduler, and a cap. */
  static JobTerms with(JobTerms terms, int together, JobRequest request) {
    return new JobTerms(
        terms.account(),
        terms.partition(),
        terms.qos(),
        terms.gres(),
        terms.constraint(),
        terms.properties(),
        terms.resources(),
        terms.besteffort(),
        terms.warningSeconds(),
        terms.walltime(),
        terms.cpus(),
        terms.memoryMib(),
        together,
        request);
  }

  static JobRequest options(String... words) {
    return new JobRequest("", "", "", List.of(), "", "", List.of(words));
  }

  static JobBody body() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("BELAY_JAR", "/opt/belay/lib/belay.jar");
    variables.put("BELAY_MODULES", "purge; load openjdk/17");
    return new JobBody(
        Path.of("/home/kim/work"),
        Path.of("/scratch/kim/runs/ae1/jobs/attempt.sh"),
        null,
        variables);
  }

  /** A run whose jobs lie in it. */
  static JobRun run(Path run, String... options) {
    Path jobs = run.resolve("jobs");
    JobPlace place =
        new JobPlace(jobs, jobs, Optional.of(run.resolve("logs/job.log")), Optional.empty());
    return new JobRun(run, place, List.of(options));
  }

  static JobScript single(String stage, JobTerms terms, String... options) {
    JobRun run = run(Path.of("/scratch/kim/runs/ae1"), options);
    return new JobScript(stage, List.of(run), terms, body());
  }

  static JobScript array(JobTerms terms) {
    List<JobRun> runs =
        List.of(
            run(Path.of("/scratch/kim/s1"), "--conf", "quick"),
            run(Path.of("/scratch/kim/s2"), "--conf", "quick", "--set", "train.seed=2"),
            run(Path.of("/scratch/kim/s3"), "--conf", "quick", "--set", "data.dir=it's here"));
    return new JobScript("train", runs, terms, body());
  }
}
