package belay.cluster;

import belay.error.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What users ask of Slurm, in sbatch's words. */
final class SlurmRequest {
  private static final Pattern BEGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:+./-]*");
  private static final String CONDITION =
      "(singleton|after(any|ok|notok|corr|burstbuffer)?(:\\d+(_(\\d+|\\*))?(\\+\\d+)?)+)";
  private static final Pattern DEPENDENCY = Pattern.compile(CONDITION + "([,?]" + CONDITION + ")*");

  /** sbatch gives them a meaning anywhere in a line: the parts of a heterogeneous job. */
  private static final Pattern PARTS = Pattern.compile("(?i)hetjob|packjob");

  private static final Pattern BARE = Pattern.compile("[^\\s\"'\\\\#]+");

  private static final OwnOptions OWN =
      new OwnOptions("sbatch")
          .add("give several runs with --run or --runs, and --together", "array", "a")
          .add("belay keeps the log, see belay status", "output", "o", "error", "e", "open-mode")
          .add("give --dependency of belay submit", "dependency", "d")
          .add("give --begin of belay submit", "begin", "b")
          .add("give --time of belay submit", "time", "t")
          .add("set cluster.early-save-seconds", "signal")
          .add("set cluster.requeue", "requeue", "no-requeue")
          .add("it would not submit the job", "wrap", "test-only", "parsable", "wait", "W");

  private SlurmRequest() {}

  /**
   * @throws ConfigurationException if sbatch could not be told, or should not
   */
  static void check(JobRequest request) {
    if (!request.begin().isEmpty() && !BEGIN.matcher(request.begin()).matches()) {
      throw new ConfigurationException(
          "--begin %s must be a time that sbatch knows, such as 20:00, now+2hours or 2026-12-24T20:00"
              .formatted(request.begin()));
    }
    if (!request.dependency().isEmpty() && !DEPENDENCY.matcher(request.dependency()).matches()) {
      throw new ConfigurationException(
          "--dependency %s must be a condition that sbatch knows, such as afterok:4711 or singleton"
              .formatted(request.dependency()));
    }
    OWN.check(request.options());
    if (request.options().stream().anyMatch(word -> PARTS.matcher(word).find())) {
      throw new ConfigurationException("A job of belay has no parts: --option hetjob is refused");
    }
  }

  /** Texts of header lines, after #SBATCH. */
  static List<String> header(JobRequest request) {
    List<String> lines = new ArrayList<>();
    addIfAny("--exclude=", request.exclude(), lines);
    addIfAny("--reservation=", request.reservation(), lines);
    addIfAny("--mail-type=", String.join(",", request.mailTypes()), lines);
    addIfAny("--mail-user=", request.mailUser(), lines);
    for (String word : request.options()) {
      if (word.startsWith("-")) {
        lines.add(quote(word));
      } else { // the value of the option before
        int last = lines.size() - 1;
        lines.set(last, lines.get(last) + " " + quote(word));
      }
    }
    return lines;
  }

  /** Options of the command. */
  static List<String> start(JobStart start) {
    List<String> words = new ArrayList<>();
    addIfAny("--begin=", start.begin(), words);
    List<String> conditions =
        Stream.of(complete(start.complete()), ended(start.ended()), start.dependency())
            .filter(text -> !text.isEmpty())
            .toList();
    if (!conditions.isEmpty()) {
      words.add("--dependency=" + String.join(",", conditions));
      words.add("--kill-on-invalid-dep=yes");
    }
    return words;
  }

  /** Task by task, so that one run's failure stops that run alone. */
  private static String complete(List<SubmittedJob> jobs) {
    if (jobs.isEmpty()) {
      return "";
    }
    SubmittedJob first = jobs.get(0);
    return first.array() == null ? "afterok:" + first.job() : "aftercorr:" + first.array();
  }

  private static String ended(List<SubmittedJob> jobs) {
    if (jobs.isEmpty()) {
      return "";
    }
    SubmittedJob first = jobs.get(0);
    return "afterany:" + (first.array() == null ? first.job() : first.array());
  }

  private static void addIfAny(String option, String value, List<String> words) {
    if (!value.isEmpty()) {
      words.add(option + value);
    }
  }

  /** As sbatch reads its lines: # begins a comment, a backslash takes what follows as it is. */
  private static String quote(String word) {
    return BARE.matcher(word).matches()
        ? word
        : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
