package belay.cluster;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to do about a job that waits for something that will not come by itself. Slurm's reasons are
 * those of squeue(1) and of its list of resource limits; OAR's, its states and the messages of its
 * schedulers.
 */
public final class Remedy {
  private static final String AGAIN = "belay cancel, then submit again with ";
  private static final String AN_ACCOUNT = AGAIN + "an --account or --qos that allows it";

  /** JOB in a text stands for the job's id; the first that fits counts. */
  private static final List<Rule> SLURM =
      List.of(
          new Rule("JobHeldUser", "its user holds it: scontrol release JOB"),
          new Rule(
              "JobHeldAdmin", "the site holds it, and only the site can release it: ask there"),
          new Rule(
              "JobHoldMaxRequeue|.*[ _]held([ _]state)?",
              "Slurm holds it since it could not be started: scontrol show job JOB tells more,"
                  + " scontrol release JOB tries again"),
          new Rule(
              "DependencyNeverSatisfied.*",
              "it will never begin: belay cancel, mend the cause, then submit again"),
          new Rule(
              "(QOS|Assoc|AssociationMax)\\w*(PerJob|WallDuration)\\w*",
              "it asks for more than one job may have: "
                  + AGAIN
                  + "a shorter --time, fewer resources or another --qos"),
          new Rule(
              "(QOS|Assoc)\\w*(Minutes|RunMinutes|GrpBB|GrpBilling)\\w*",
              "what its account may compute is used up: ask the site, or " + AN_ACCOUNT),
          new Rule(
              "(QOSMax|QOSGrp|QOSJob|QOSNotAllowed|Assoc\\w*Limit|AssocMax|AssocGrp)\\w*",
              "a limit of its account is reached: it begins when others of the account's jobs end,"
                  + " unless it alone asks for too much: sacctmgr show assoc, show qos"),
          new Rule(
              "PartitionTimeLimit",
              "its time limit is above the partition's: "
                  + AGAIN
                  + "a shorter --time or another --partition"),
          new Rule(
              "PartitionNodeLimit|PartitionConfig",
              "the partition never gives what it asks for: " + AGAIN + "another --partition"),
          new Rule(
              "PartitionDown|PartitionInactive",
              "the site has closed its partition: wait, or " + AGAIN + "another --partition"),
          new Rule(
              "ReqNodeNotAvail.*",
              "a node that it needs is down, drained or reserved, sinfo -R tells why: wait for the"
                  + " node, or "
                  + AGAIN
                  + "other nodes or a shorter --time"),
          new Rule(
              "BadConstraints",
              "no node has what it asks for: " + AGAIN + "another --gpu, --constraint or memory"),
          new Rule(
              "Reservation(Deleted)?",
              "its reservation has not begun, or is gone: scontrol show res"),
          new Rule("InvalidAccount|AccountNotAllowed", AGAIN + "an --account that is yours"),
          new Rule("InvalidQOS", AGAIN + "a --qos that its account may use"));

  private static final List<Rule> OAR =
      List.of(
          new Rule("hold.*", "its user holds it: oarresume JOB"),
          new Rule(
              "(to)?error.*",
              "OAR could not start it: oarstat -fj JOB tells more; belay submit goes on with the run"),
          new Rule(
              "waiting.*(?i:quota|limit).*",
              "a quota of the site is reached: it begins when others of your jobs end, unless it"
                  + " alone asks for too much"),
          new Rule(
              "waiting.*(?i:cannot find enough|not enough|no enough|cannot run|does not exist).*",
              "no free or future resources fit it: " + AGAIN + "another --gpu or --properties"));

  /** What Slurm shows of a dependency that cannot come true: "afterok:4711(failed)". */
  private static final Pattern DEPENDENCY = Pattern.compile("(\\w+:[\\d_*\\[\\]+-]+)\\(failed\\)");

  private record Rule(Pattern pattern, String text) {
    Rule(String pattern, String text) {
      this(Pattern.compile(pattern), text);
    }
  }

  private Remedy() {}

  /** One line; empty for a job that runs, has ended, or waits for its turn. */
  public static Optional<String> of(JobState job) {
    return switch (job.submitted().scheduler()) {
      case "slurm" ->
          job.word().equals("pending")
              ? first(SLURM, job.reason(), job).map(text -> because(job) + text)
              : Optional.empty();
      case "oar" -> first(OAR, (job.word() + " " + job.reason()).strip(), job);
      default -> Optional.empty();
    };
  }

  private static Optional<String> first(List<Rule> rules, String reason, JobState job) {
    return rules.stream()
        .filter(rule -> rule.pattern().matcher(reason).matches())
        .findFirst()
        .map(rule -> rule.text().replace("JOB", job.job()));
  }

  /** The job that it waits for, and how. */
  private static String because(JobState job) {
    Matcher dependency = DEPENDENCY.matcher(job.reason());
    return dependency.find() ? "its dependency %s has failed; ".formatted(dependency.group(1)) : "";
  }
}
