package belay.cluster;

import belay.error.ConfigurationException;
import belay.error.SchedulerException;
import belay.job.SchedulerCommand;
import belay.json.Json;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * OAR. A job that comes back has a new id; its array and its place in the array, which every job
 * has, stay.
 */
record OarBatch(Duration timeout) implements BatchSystem {
  private static final Pattern JOB_ID = Pattern.compile("OAR_JOB_ID=(\\d+)");
  private static final Pattern LAST_BRACKETS = Pattern.compile("\\(([^()]*)\\)$");
  private static final int LARGEST_ARRAY = 1000;

  /** States in which OAR's message says more than the state. */
  private static final Set<String> TELLING = Set.of("waiting", "toerror", "error");

  /** The JVM of a job has no other signal that OAR may send and that is safe. */
  private static final String USR1 = "10";

  @Override
  public String name() {
    return "oar";
  }

  @Override
  public String fileName(JobScript script) {
    return script.stage() + (script.isArray() ? "-array" : "") + ".oar.sh";
  }

  @Override
  public void check(JobTerms terms) {
    OarRequest.check(terms);
  }

  @Override
  public String text(JobScript script) {
    checkPath(script.directory());
    JobTerms terms = script.terms();
    Header header = new Header("#OAR ");
    header.add("-n ", script.name());
    header.add("-l ", terms.resources() + ",walltime=" + terms.limit());
    header.addIfAny("-p ", OarRequest.properties(terms));
    header.addIfAny("--project ", terms.account());
    header.addIf(terms.besteffort(), "-t ", "besteffort");
    header.add("-t ", "idempotent");
    header.addIf(terms.warningSeconds() > 0, "--checkpoint ", terms.warningSeconds() + "");
    header.addIf(terms.warningSeconds() > 0, "--signal ", USR1);
    header.addIfAny("--notify ", OarRequest.notice(terms.request()));
    header.add("-O ", script.output());
    header.add("-E ", script.output());
    return script.text(header.lines(), "$1");
  }

  /** OAR hands paths of scripts and logs to shells of its own. */
  private static void checkPath(Path path) {
    if (!Shell.isPlain(path.toString())) {
      throw new ConfigurationException(
          "OAR cannot start jobs from %s: use a run directory whose path has only letters of ASCII, digits and ./_-+=,@:"
              .formatted(path.toString().replaceAll("\\p{Cntrl}", "?")));
    }
  }

  @Override
  public int largestArray() {
    return LARGEST_ARRAY;
  }

  @Override
  public List<SubmittedJob> submit(JobScript script, Path file, JobStart start) {
    List<String> words = new ArrayList<>(List.of("oarsub"));
    words.addAll(OarRequest.start(start));
    words.addAll(script.terms().request().options()); // which OAR keeps for a job that comes back
    if (script.isArray()) {
      words.addAll(List.of("--array-param-file", parameters(script, file).toString()));
    }
    words.addAll(List.of("-S", "./" + file.getFileName()));
    // From there, since OAR splits the command at blanks and gives it to a shell.
    String answer = new SchedulerCommand(words, script.directory(), timeout).output();
    List<String> ids = JOB_ID.matcher(answer).results().map(id -> id.group(1)).toList();
    if (ids.size() != script.runs().size()) {
      throw new SchedulerException(
          "oarsub answered with %d job ids for %d runs: %s"
              .formatted(ids.size(), script.runs().size(), answer.strip().replace('\n', ' ')));
    }
    return jobs(script, file, ids, start);
  }

  /** A line a job, its arguments: numbers, since OAR gives the line to a shell. */
  private static Path parameters(JobScript script, Path file) {
    Path parameters = file.resolveSibling(file.getFileName() + ".params");
    String lines =
        IntStream.range(0, script.runs().size())
            .mapToObj(run -> run + "\n")
            .collect(Collectors.joining());
    try {
      AtomicFile.write(parameters, lines);
      return parameters;
    } catch (IOException e) {
      throw DiskProblem.of("write", parameters, e);
    }
  }

  private static List<SubmittedJob> jobs(
      JobScript script, Path file, List<String> ids, JobStart start) {
    return IntStream.range(0, ids.size())
        .mapToObj(
            run ->
                SubmittedJob.of("oar", script, run, file, start, ids.get(run), ids.get(0), run + 1))
        .toList();
  }

  @Override
  public List<JobState> states(List<SubmittedJob> jobs) {
    Map<String, JobState> known = new HashMap<>();
    jobs.stream()
        .map(SubmittedJob::user)
        .distinct()
        .forEach(user -> ask(user, (id, facts) -> put(id, facts, known)));
    return jobs.stream()
        .map(
            job -> {
              JobState byId = known.get(job.job());
              JobState state = known.getOrDefault(place(job.array(), job.index()), byId);
              return state == null
                  ? JobState.ended(job)
                  : new JobState(job, state.job(), state.word(), reason(job, state, known));
            })
        .toList();
  }

  @Override
  public List<QueuedJob> queued() {
    List<QueuedJob> jobs = new ArrayList<>();
    ask(
        System.getProperty("user.name"),
        (id, facts) ->
            jobs.add(
                new QueuedJob(
                    id,
                    word(facts),
                    String.valueOf(facts.get("launchingDirectory")),
                    String.valueOf(facts.get("command")))));
    return jobs;
  }

  /** All jobs of a user that have not ended: one command, however many runs are asked for. */
  private void ask(String user, BiConsumer<String, Map<?, ?>> listener) {
    String page = SchedulerCommand.of(timeout, "oarstat", "-J", "-u", user).output();
    try {
      Map<?, ?> jobs = page.isBlank() ? Map.of() : Json.read(page, Map.class);
      jobs.forEach((id, facts) -> listener.accept(id.toString(), (Map<?, ?>) facts));
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new SchedulerException("oarstat -J answered with something else than JSON");
    }
  }

  private static void put(String id, Map<?, ?> facts, Map<String, JobState> known) {
    JobState state = new JobState(null, id, word(facts), reason(facts));
    known.put(id, state);
    if (facts.get("array_id") instanceof Double array
        && facts.get("array_index") instanceof Double index) {
      known.put(place(Long.toString(array.longValue()), index.intValue()), state);
    }
  }

  private static String word(Map<?, ?> facts) {
    return String.valueOf(facts.get("state")).toLowerCase(Locale.ROOT);
  }

  /** OAR's message begins with the request, which nobody needs to hear again. */
  private static String reason(Map<?, ?> facts) {
    boolean isTelling = TELLING.contains(word(facts));
    if (!isTelling || !(facts.get("message") instanceof String message)) {
      return "";
    }
    Matcher end = LAST_BRACKETS.matcher(message);
    return end.find() ? end.group(1) : message;
  }

  /** What a job waits for stands in no list of many jobs, but in our own record. */
  private static String reason(SubmittedJob job, JobState state, Map<String, JobState> known) {
    if (job.after() == null || !state.word().equals("waiting")) {
      return state.reason();
    }
    // A job that came back has a new id, and its first one for an array.
    JobState before = known.getOrDefault(place(job.after(), 1), known.get(job.after()));
    return before == null ? state.reason() : "after " + before.job();
  }

  private static String place(String array, Integer index) {
    return array + "/" + index;
  }

  @Override
  public void cancel(Collection<JobState> jobs) {
    List<String> words = new ArrayList<>(List.of("oardel"));
    jobs.stream().map(JobState::job).distinct().forEach(words::add);
    if (words.size() > 1) {
      // Its exit code is that of the last job, which may have ended meanwhile: states tell.
      new SchedulerCommand(words, Path.of("").toAbsolutePath(), timeout).run();
    }
  }
}
