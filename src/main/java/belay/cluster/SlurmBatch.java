package belay.cluster;

import belay.error.SchedulerException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

  /** The task's id, the job's id, the state, the reason; and the end of the line for the rest. */
  private static final String STATE_FORMAT = "%i|%A|%T|%r";

  @Override
  public String name() {
    return "slurm";
  }

  @Override
  public String fileName(JobScript script) {
    return script.stage() + (script.isArray() ? "-array" : "") + ".sbatch";
  }

  @Override
  public String text(JobScript script) {
    JobTerms terms = script.terms();
    Header header = new Header("#SBATCH --");
    header.add("job-name=", script.name());
    header.add("output=", script.output());
    header.add("open-mode=", "append");
    header.add("requeue", "");
    header.addIf(terms.warningSeconds() > 0, "signal=", "B:USR1@" + terms.warningSeconds());
    header.add("time=", terms.limit());
    header.add("nodes=", "1");
    header.add("ntasks=", "1");
    header.add("cpus-per-task=", Integer.toString(terms.cpus()));
    header.addIf(terms.memoryMib() > 0, "mem=", terms.memoryMib() + "M");
    header.addIfAny("gres=", terms.gres());
    header.addIfAny("constraint=", terms.constraint());
    header.addIfAny("partition=", terms.partition());
    header.addIfAny("qos=", terms.qos());
    header.addIfAny("account=", terms.account());
    header.addIf(script.isArray(), "array=", "0-" + (script.runs().size() - 1));
    return script.text(header.lines(), "SLURM_ARRAY_TASK_ID");
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
  public List<SubmittedJob> submit(JobScript script, Path file, List<SubmittedJob> after) {
    List<String> words = new ArrayList<>(List.of("sbatch", "--parsable"));
    if (!after.isEmpty()) {
      words.add("--dependency=" + dependency(after));
      words.add("--kill-on-invalid-dep=yes");
    }
    words.add(file.toString());
    String answer = new SchedulerCommand(words, script.body().directory(), timeout).output();
    String last = answer.strip().lines().reduce("", (before, line) -> line.strip());
    Matcher id = JOB_ID.matcher(last);
    if (!id.matches()) {
      throw new SchedulerException("sbatch answered '" + last + "' instead of a job id");
    }
    return jobs(script, file, id.group(1), after);
  }

  /** Task by task, so that one run's failure stops that run alone. */
  private static String dependency(List<SubmittedJob> after) {
    SubmittedJob first = after.get(0);
    return first.array() == null ? "afterok:" + first.job() : "aftercorr:" + first.array();
  }

  private static List<SubmittedJob> jobs(
      JobScript script, Path file, String id, List<SubmittedJob> after) {
    String user = System.getProperty("user.name");
    String name = file.toString();
    Instant now = Instant.now();
    boolean isArray = script.isArray();
    return IntStream.range(0, script.runs().size())
        .mapToObj(
            task ->
                new SubmittedJob(
                    "slurm",
                    script.stage(),
                    isArray ? id + "_" + task : id,
                    isArray ? id : null,
                    isArray ? task : null,
                    after.isEmpty() ? null : after.get(task).job(),
                    user,
                    name,
                    now))
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
    answer.out().lines().map(line -> line.split("\\|", 4)).forEach(line -> put(line, known));
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

  private static void put(String[] line, Map<String, JobState> known) {
    if (line.length == 4) {
      String reason = line[3].equals("None") ? "" : line[3];
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
