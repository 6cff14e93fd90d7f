package belay.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Jobs for tests. */
final class SampleJobs {
  static final Duration TIMEOUT = Duration.ofSeconds(30);

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
        32768);
  }

  /** As little as possible. */
  static JobTerms plain() {
    return new JobTerms(
        "", "", "", "", "", "", "/nodes=1/core=4", false, 0, Duration.ofSeconds(5400), 4, 0);
  }

  static JobBody body(String... options) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("BELAY_JAR", "/opt/belay/lib/belay.jar");
    variables.put("BELAY_MODULES", "purge; load openjdk/17");
    return new JobBody(Path.of("/home/kim/work"), variables, List.of(options));
  }

  static JobScript single(String stage, JobTerms terms, String... options) {
    return new JobScript(stage, List.of(Path.of("/scratch/kim/runs/ae1")), terms, body(options));
  }

  static JobScript array(JobTerms terms) {
    List<Path> runs =
        List.of(Path.of("/scratch/kim/s1"), Path.of("/scratch/kim/s2"), Path.of("/scratch/kim/s3"));
    return new JobScript("train", runs, terms, body("--conf", "quick"));
  }
}
