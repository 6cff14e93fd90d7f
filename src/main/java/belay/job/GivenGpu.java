package belay.job;

import belay.error.DeviceException;
import belay.error.UnsupportedDeviceException;
import belay.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU that the scheduler has given to a job. Where it cannot be used its node is broken, and a
 * job that computed without it would hold it for hours and get other bits.
 *
 * @param what "GPU 0,1", or the resources that were asked for
 * @param job that was given it
 */
public record GivenGpu(String what, JobContext job) {
  /**
   * In a job's wanted_resources: "{...}/network_address=1/gpudevice=1". The properties of the
   * resources do not tell: those of a core name the GPU beside it as well.
   */
  private static final Pattern OAR_GPUS = Pattern.compile("/gpu[a-z_]*=[1-9][0-9]*");

  /** In its properties: "((gpumodel='A100') AND drain='NO'". */
  private static final Pattern OAR_MODEL =
      Pattern.compile("(?i)(gpu_?model *(=|like|in\\b)|gpu *= *'?YES)[^)]*");

  /** What the job's environment says; OAR is asked: there a person may have set it. */
  static Optional<String> toldOf(JobContext job, Duration timeout) {
    Optional<String> visible = job.gpus().map(list -> "GPU " + list);
    if (!job.scheduler().equals(Scheduler.OAR.toString())) {
      return visible;
    }
    String id = job.jobId().orElseThrow();
    try {
      return inOar(SchedulerCommand.of(timeout, "oarstat", "-f", "-j", id, "-J").output());
    } catch (RuntimeException unknown) {
      return visible; // a hint is better than nothing
    }
  }

  /**
   * @param page what oarstat -f -J says about one job
   */
  static Optional<String> inOar(String page) {
    for (Object facts : Json.read(page, Map.class).values()) {
      if (facts instanceof Map<?, ?> job) {
        Matcher gpus = OAR_GPUS.matcher(String.valueOf(job.get("wanted_resources")));
        Matcher model = OAR_MODEL.matcher(String.valueOf(job.get("properties")));
        return gpus.find()
            ? Optional.of("a GPU (" + gpus.group() + ")")
            : model.find() ? Optional.of("a GPU (" + model.group() + ")") : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * The error that ends the job. Where the node is to blame its first words tell jobs/attempt.sh to
   * look for another one.
   */
  public DeviceException unusable(DeviceException reason) {
    if (reason instanceof UnsupportedDeviceException) {
      return reason;
    }
    String elsewhere =
        job.scheduler().equals(Scheduler.OAR.toString())
            ? "-p \"network_address != '%s'\""
            : "--exclude=%s";
    return new DeviceException(
        "Node %s is broken: this job was given %s of it, which cannot be used. %s. Tell the site's administrators; submit with %s, or without a GPU and with --backend cpu"
            .formatted(job.node(), what, reason.getMessage(), elsewhere.formatted(job.node())),
        reason);
  }
}
