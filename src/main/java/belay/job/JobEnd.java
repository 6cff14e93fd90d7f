package belay.job;

import belay.json.Json;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When the time limit ends this job: from the environment, or from the scheduler itself, which some
 * versions must be asked.
 */
final class JobEnd {
  private static final Logger LOG = System.getLogger("belay.cluster");
  private static final Pattern TIME_LEFT =
      Pattern.compile("(?:(?:(\\d+)-)?(\\d+):)?(\\d+):(\\d+)"); // [[days-]hours:]minutes:seconds

  private final Map<String, String> environment;
  private final Scheduler scheduler;
  private final Duration timeout;

  JobEnd(Map<String, String> environment, Duration timeout) {
    this.environment = environment;
    this.scheduler = Scheduler.of(environment);
    this.timeout = timeout;
  }

  /** Empty outside a job, without a limit, and where the scheduler does not answer. */
  Optional<Instant> find() {
    return told().or(this::asked);
  }

  /** The same with a limit that was changed while the job ran. */
  Optional<Instant> findAgain() {
    return asked().or(this::told);
  }

  /** What the environment says. */
  Optional<Instant> told() {
    Optional<Instant> end = scheduler.number(Fact.END, environment).map(Instant::ofEpochSecond);
    return end.or(
        () ->
            scheduler
                .number(Fact.BEGAN, environment)
                .flatMap(began -> limit().map(limit -> Instant.ofEpochSecond(began + limit))));
  }

  private Optional<Long> limit() {
    return scheduler.number(Fact.WALLTIME, environment);
  }

  private Optional<Instant> asked() {
    Optional<String> job = scheduler.text(Fact.JOB_ID, environment);
    try {
      return switch (scheduler) {
        case SLURM -> job.flatMap(this::askSlurm);
        case OAR -> job.flatMap(this::askOar);
        case LOCAL, NONE -> Optional.empty();
      };
    } catch (RuntimeException unknown) {
      // Whatever a scheduler answers, or does not, the limit that is known must not be missed.
      LOG.log(Level.DEBUG, "time-limit=unknown", unknown);
      return Optional.empty();
    }
  }

  private Optional<Instant> askSlurm(String job) {
    String left = SchedulerCommand.of(timeout, "squeue", "-h", "-j", job, "-o", "%L").output();
    return parseTimeLeft(left.strip()).map(Instant.now()::plus);
  }

  private Optional<Instant> askOar(String job) {
    String page = SchedulerCommand.of(timeout, "oarstat", "-f", "-j", job, "-J").output();
    Map<?, ?> jobs = page.isBlank() ? Map.of() : Json.read(page, Map.class);
    if (jobs.get(job) instanceof Map<?, ?> facts
        && facts.get("startTime") instanceof Double start
        && facts.get("walltime") instanceof Double seconds) {
      return Optional.of(Instant.ofEpochSecond((long) (start + seconds)));
    }
    return Optional.empty();
  }

  /** Slurm's "1-02:03:04", "2:00:00" or "59:59"; UNLIMITED, INVALID and the like are none. */
  static Optional<Duration> parseTimeLeft(String text) {
    Matcher time = TIME_LEFT.matcher(text);
    if (!time.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofDays(number(time.group(1)))
            .plusHours(number(time.group(2)))
            .plusMinutes(number(time.group(3)))
            .plusSeconds(number(time.group(4))));
  }

  private static long number(String text) {
    return text == null ? 0 : Long.parseLong(text);
  }
}
