package belay.cluster;

import belay.error.ConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What users ask of OAR, in oarsub's words. */
final class OarRequest {
  private static final Pattern NODES = Pattern.compile("[\\w.,-]*");
  private static final Pattern BEGIN =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d)(:\\d\\d)?");
  private static final Pattern DEPENDENCY = Pattern.compile("(?:afterany:)?(\\d+(?:[:,]\\d+)*)");

  /** Slurm's words for events, and OAR's. */
  private static final Map<String, String> EVENTS =
      Map.of("BEGIN", "RUNNING", "END", "END", "FAIL", "ERROR", "ALL", "");

  private static final OwnOptions OWN =
      new OwnOptions("oarsub")
          .add("give several runs with --run or --runs", "array", "array-param-file")
          .add("belay keeps the log, see belay status", "stdout", "O", "stderr", "E")
          .add("give --time, set cluster.gpu-resources or cluster.cpu-resources", "resource", "l")
          .add("give --properties of belay submit", "property", "p")
          .add("give --begin of belay submit", "reservation", "r")
          .add("give --dependency of belay submit", "anterior", "a")
          .add("set cluster.early-save-seconds", "checkpoint", "signal")
          .add("it would not submit the job", "scanscript", "S", "interactive", "I", "connect", "C")
          .add("it would not submit the job", "resubmit");

  private OarRequest() {}

  /**
   * @throws ConfigurationException if oarsub could not be told, or should not
   */
  static void check(JobTerms terms) {
    JobRequest request = terms.request();
    if (!NODES.matcher(request.exclude()).matches()) {
      throw new ConfigurationException(
          "cluster.exclude (--exclude) = %s must be names of nodes, separated by commas: OAR knows no ranges"
              .formatted(request.exclude()));
    }
    checkMail(request);
    checkBegin(request.begin(), terms.besteffort());
    if (!request.dependency().isEmpty() && !DEPENDENCY.matcher(request.dependency()).matches()) {
      throw new ConfigurationException(
          "--dependency %s must be afterany:ID on OAR, which starts a job after any end of another"
              .formatted(request.dependency()));
    }
    OWN.check(request.options());
  }

  private static void checkMail(JobRequest request) {
    if (!request.mailTypes().isEmpty() && request.mailUser().isEmpty()) {
      throw new ConfigurationException(
          "cluster.mail-type (--mail-type) needs cluster.mail-user (--mail-user) on OAR");
    }
    if (!EVENTS.keySet().containsAll(request.mailTypes())) {
      throw new ConfigurationException(
          "cluster.mail-type (--mail-type) = %s must be of BEGIN, END, FAIL and ALL on OAR"
              .formatted(String.join(",", request.mailTypes())));
    }
  }

  private static void checkBegin(String begin, boolean isBestEffort) {
    if (!begin.isEmpty() && !BEGIN.matcher(begin).matches()) {
      throw new ConfigurationException(
          "--begin %s must be a date and a time on OAR, such as 2026-12-24T20:00".formatted(begin));
    }
    if (!begin.isEmpty() && isBestEffort) {
      throw new ConfigurationException("OAR reserves no time for --besteffort: leave --begin out");
    }
  }

  /** OAR's condition on nodes. */
  static String properties(JobTerms terms) {
    String exclude = terms.request().exclude();
    if (exclude.isEmpty()) {
      return terms.properties();
    }
    String others =
        Arrays.stream(exclude.split(",+"))
            .map(node -> "network_address != '" + node + "'")
            .collect(Collectors.joining(" AND "));
    return terms.properties().isEmpty() ? others : "(" + terms.properties() + ") AND " + others;
  }

  /** What follows --notify; empty for no mail. */
  static String notice(JobRequest request) {
    if (request.mailUser().isEmpty()) {
      return "";
    }
    String events =
        request.mailTypes().stream()
            .map(EVENTS::get)
            .filter(event -> !event.isEmpty())
            .collect(Collectors.joining(","));
    boolean isAll = events.isEmpty() || request.mailTypes().contains("ALL");
    return (isAll ? "" : "[" + events + "]") + "mail:" + request.mailUser();
  }

  /** Options of the command. */
  static List<String> start(JobStart start) {
    List<String> words = new ArrayList<>();
    for (List<SubmittedJob> jobs : List.of(start.complete(), start.ended())) {
      jobs.forEach(job -> words.addAll(List.of("-a", job.job())));
    }
    Matcher others = DEPENDENCY.matcher(start.dependency());
    if (others.matches()) {
      Arrays.stream(others.group(1).split("[:,]")).forEach(id -> words.addAll(List.of("-a", id)));
    }
    Matcher begin = BEGIN.matcher(start.begin());
    if (begin.matches()) {
      String seconds = begin.group(3) == null ? ":00" : begin.group(3);
      words.addAll(List.of("-r", begin.group(1) + " " + begin.group(2) + seconds));
    }
    return words;
  }
}
