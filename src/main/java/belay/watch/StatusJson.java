package belay.watch;

import belay.cluster.JobState;
import belay.cluster.Remedy;
import belay.json.Json;
import belay.view.GpuTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where runs stand, for programs. */
public final class StatusJson {
  private StatusJson() {}

  /** An array with an object a run. */
  public static String of(RunStates states) {
    return Json.page(states.runs().stream().map(run -> facts(run, states)).toList());
  }

  private static Map<String, Object> facts(RunState run, RunStates states) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("run", run.run().path().toString());
    facts.put("state", run.word());
    run.status().ifPresent(status -> facts.put("status", status));
    run.lastExit().ifPresent(exit -> facts.put("last-exit", exit));
    run.epochs().ifPresent(epochs -> facts.put("epochs", epochs));
    run.checkpointAge().ifPresent(age -> facts.put("checkpoint-age-seconds", age.toSeconds()));
    facts.put("alive", run.isOwned());
    run.owner().ifPresent(owner -> facts.put("owner", owner.description()));
    run.owner()
        .ifPresent(owner -> facts.put("heartbeat-age-seconds", owner.heartbeat().toSeconds()));
    facts.put("gpu-hours", GpuTime.hours(run.gpu().held()));
    facts.put("gpu-hours-lost", GpuTime.hours(run.gpu().lost()));
    facts.put("gpu-hours-idle", GpuTime.hours(run.gpu().idle()));
    facts.put("jobs", states.shown(run).stream().map(StatusJson::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(JobState job) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("scheduler", job.submitted().scheduler());
    facts.put("job", job.job());
    facts.put("stage", job.submitted().stage());
    facts.put("state", job.word());
    facts.put("reason", job.reason());
    Remedy.of(job).ifPresent(remedy -> facts.put("remedy", remedy));
    if (job.submitted().jarSha256() != null) {
      facts.put("jar-sha256", job.submitted().jarSha256());
    }
    return facts;
  }
}
