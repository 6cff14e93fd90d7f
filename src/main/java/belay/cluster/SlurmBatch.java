package belay.cluster;

import belay.error.SchedulerException;
import belay.job.SchedulerCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Slurm, without its accounting database. */
record SlurmBatch(Duration timeout) implements BatchSystem {
  private static final Pattern MAX_ARRAY_SIZE = Pattern.compile("MaxArraySize\\s*=\\s*(\\d+)");
  private static final Pattern JOB_ID = Pattern.compile("(\\d+)(?:;.*)?"); // ID[;CLUSTER]

  /** Slurm's default, one more than the highest index. */
  private static final int USUAL_ARRAY_SIZE = 1001;

  /** The task's id, the job's id, the state, the reason, what it depends on. */
  private static final String STATE_FORMAT = "%i|%A|%T|%r|%E";

  private static final String NEVER = "DependencyNeverSatisfied";

  /** The task's id, the state, the directory; and the end of the line for the command. */
  private static final String QUEUE_FORMAT = "%i|%T|%Z|%o";

  @Override
  public String name() {
    return "slurm";
  }

  @Override
  public String fileName(JobScript script) {
    return script.stage() + (script.isArray() ? "-array" : "") + ".sbatch";
  }

  @Override
  public void check(JobTerms terms) {
    SlurmRequest.check(terms.request());
  }

  @Override
  public String text(JobScript script) {
    JobTerms terms = script.terms();
    Header header = new Header("#SBATCH ");
    header.add("--job-name=", script.name());
    header.add("--output=", script.output());
    header.add("--open-mode=", "append");
    header.add("--requeue", "");
    header.addIf(terms.warningSeconds() > 0, "--signal=", "B:USR1@" + terms.warningSeconds());
    header.add("--time=", terms.limit());
    header.add("--nodes=", "1");
    header.add("--ntasks=", "1");
    header.add("--cpus-per-task=", Integer.toString(terms.cpus()));
    header.addIf(terms.memoryMib() > 0, "--mem=", terms.memoryMib() + "M");
    header.addIfAny("--gres=", terms.gres());
    header.addIfAny("--constraint=", terms.constraint());
    header.addIfAny("--partition=", terms.partition());
    header.addIfAny("--qos=", terms.qos());
    header.addIfAny("--account=", terms.account());
    header.addIf(script.isArray(), "--array=", array(script));
    SlurmRequest.header(terms.request()).forEach(line -> header.add(line, ""));
    return script.text(header.lines(), "$SLURM_ARRAY_TASK_ID");
  }

  private static String array(JobScript script) {
    int together = script.terms().together();
    return "0-" + (script.runs().size() - 1) + (together > 0 ? "%" + together : "");
  }

  @Override
  public int largestArray() {
    if (!SchedulerCommand.exists("scontrol")) {
      return USUAL_ARRAY_SIZE; // a look at the scripts, away from the cluster
    }
    String configuration = command("scontrol", "show", "config").output();
    Matcher size = MAX_ARRAY_SIZE.matcher(configuration);
    return size.find() ? Integer.parseInt(size.group(1)) : USUAL_ARRAY_SIZE;
  }

  @Override
  public boolean arraysDepend() {
    return true;
  }

  @Override
  public boolean arraysAreCapped() {
    return true;
  }

  @Override
  public List<SubmittedJob> submit(JobScript script, Path file, JobStart start) {
    List<String> words = new ArrayList<>(List.of("sbatch", "--parsable"));
    words.addAll(SlurmRequest.start(start));
    words.add(file.toString());
    String answer = new SchedulerCommand(words, script.body().directory(), timeout).output();
    String last = answer.strip().lines().reduce("", (before, line) -> line.strip());
    Matcher id = JOB_ID.matcher(last);
    if (!id.matches()) {
      throw new SchedulerException("sbatch answered '" + last + "' instead of a job id");
    }
    return jobs(script, file, id.group(1), start);
  }

  private static List<SubmittedJob> jobs(JobScript script, Path file, String id, JobStart start) {
    boolean isArray = script.isArray();
    return IntStream.range(0, script.runs().size())
        .mapToObj(
            task ->
                SubmittedJob.of(
                    "slurm",
                    script,
                    task,
                    file,
                    start,
                    isArray ? id + "_" + task : id,
                    isArray ? id : null,
                    isArray ? task : null))
        .toList();
  }

  @Override
  public List<JobState> states(List<SubmittedJob> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    String ids = String.join(",", jobs.stream().map(SubmittedJob::job).distinct().toList());
    SchedulerCommand.Answer answer =
        command("squeue", "-h", "-r", "-t", "all", "-j", ids, "-o", STATE_FORMAT).run();
    // Of a single job that it has forgotten, squeue says so with an error.
    if (answer.exitCode() != 0 && !answer.errors().contains("Invalid job id")) {
      throw new SchedulerException("squeue refused: " + answer.errors().strip().replace('\n', ' '));
    }
    Map<String, JobState> known = new HashMap<>();
    answer.out().lines().map(line -> line.split("\\|", 5)).forEach(line -> put(line, known));
    return jobs.stream()
        .map(
            job -> {
              JobState state = known.get(job.job());
              return state == null
                  ? JobState.ended(job)
                  : new JobState(job, state.job(), state.word(), state.reason());
            })
        .toList();
  }

  @Override
  public List<QueuedJob> queued() {
    String user = System.getProperty("user.name");
    String lines = command("squeue", "-h", "-r", "-u", user, "-o", QUEUE_FORMAT).output();
    return lines
        .lines()
        .map(line -> line.split("\\|", 4))
        .filter(line -> line.length == 4)
        .map(line -> new QueuedJob(line[0], line[1].toLowerCase(Locale.ROOT), line[2], line[3]))
        .toList();
  }

  @Override
  public String opinion(JobScript script) {
    return SchedulerCommand.exists("sbatch")
        ? command("sbatch", "--test-only").withInput(text(script)).run().line()
        : "";
  }

  private static void put(String[] line, Map<String, JobState> known) {
    if (line.length == 5) {
      String reason = line[3].equals("None") ? "" : line[3];
      reason += reason.equals(NEVER) ? " " + line[4] : "";
      JobState state = new JobState(null, line[0], line[2].toLowerCase(Locale.ROOT), reason);
      known.put(line[0], state);
      known.putIfAbsent(line[1], state);
    }
  }

  @Override
  public void cancel(Collection<JobState> jobs) {
    List<String> ids = jobs.stream().map(JobState::job).distinct().toList();
    if (!ids.isEmpty()) {
      command(Stream.concat(Stream.of("scancel"), ids.stream()).toArray(String[]::new)).output();
    }
  }

  private SchedulerCommand command(String... words) {
    return SchedulerCommand.of(timeout, words);
  }
}
