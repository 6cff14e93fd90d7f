package belay.cluster;

import belay.error.ConfigurationException;
import belay.error.SchedulerException;
import belay.json.Json;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * OAR. A job that comes back has a new id; its array and its place in the array, which every job
 * has, stay.
 */
record OarBatch(Duration timeout) implements BatchSystem {
  private static final Pattern JOB_ID = Pattern.compile("OAR_JOB_ID=(\\d+)");
  private static final int LARGEST_ARRAY = 1000;

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
  public String text(JobScript script) {
    checkPath(script.directory());
    JobTerms terms = script.terms();
    Header header = new Header("#OAR ");
    header.add("-n ", script.name());
    header.add("-l ", terms.resources() + ",walltime=" + terms.limit());
    header.addIfAny("-p ", terms.properties());
    header.addIfAny("--project ", terms.account());
    header.addIf(terms.besteffort(), "-t ", "besteffort");
    header.add("-t ", "idempotent");
    header.addIf(terms.warningSeconds() > 0, "--checkpoint ", terms.warningSeconds() + "");
    header.addIf(terms.warningSeconds() > 0, "--signal ", USR1);
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
  public boolean arraysDepend() {
    return false;
  }

  @Override
  public List<SubmittedJob> submit(JobScript script, Path file, List<SubmittedJob> after) {
    List<String> words = new ArrayList<>(List.of("oarsub"));
    for (SubmittedJob job : after) {
      words.addAll(List.of("-a", job.job()));
    }
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
    return jobs(script, file, ids);
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

  private static List<SubmittedJob> jobs(JobScript script, Path file, List<String> ids) {
    String user = System.getProperty("user.name");
    Instant now = Instant.now();
    return IntStream.range(0, ids.size())
        .mapToObj(
            run ->
                new SubmittedJob(
                    "oar",
                    script.stage(),
                    ids.get(run),
                    ids.get(0),
                    run + 1,
                    user,
                    file.toString(),
                    now))
        .toList();
  }

  @Override
  public List<JobState> states(List<SubmittedJob> jobs) {
    Map<String, JobState> known = new HashMap<>();
    jobs.stream().map(SubmittedJob::user).distinct().forEach(user -> ask(user, known));
    return jobs.stream()
        .map(
            job -> {
              JobState byId = known.get(job.job());
              JobState state = known.getOrDefault(place(job.array(), job.index()), byId);
              return state == null
                  ? JobState.ended(job)
                  : new JobState(job, state.job(), state.word(), state.reason());
            })
        .toList();
  }

  /** All jobs of a user that have not ended: one command, however many runs are asked for. */
  private void ask(String user, Map<String, JobState> known) {
    String page = SchedulerCommand.of(timeout, "oarstat", "-J", "-u", user).output();
    try {
      Map<?, ?> jobs = page.isBlank() ? Map.of() : Json.read(page, Map.class);
      jobs.forEach((id, facts) -> put(id.toString(), (Map<?, ?>) facts, known));
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new SchedulerException("oarstat -J answered with something else than JSON");
    }
  }

  private static void put(String id, Map<?, ?> facts, Map<String, JobState> known) {
    String word = String.valueOf(facts.get("state")).toLowerCase(Locale.ROOT);
    JobState state = new JobState(null, id, word, reason(facts));
    known.put(id, state);
    if (facts.get("array_id") instanceof Double array
        && facts.get("array_index") instanceof Double index) {
      known.put(place(Long.toString(array.longValue()), index.intValue()), state);
    }
  }

  private static String reason(Map<?, ?> facts) {
    if (!"Waiting".equals(facts.get("state"))) {
      return "";
    }
    if (facts.get("dependencies") instanceof List<?> before && !before.isEmpty()) {
      return "after " + before.stream().map(OarBatch::whole).collect(Collectors.joining(", "));
    }
    return facts.get("message") instanceof String message ? message : "";
  }

  private static String whole(Object number) {
    return number instanceof Double value
        ? Long.toString(value.longValue())
        : String.valueOf(number);
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
