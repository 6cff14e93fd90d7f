package belay.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The script of one job, or of an array of jobs: the scheduler's own lines over a call of the one
 * job body, attempt.sh. Texts of users stand in single quotes there, or nowhere.
 *
 * @param stage train, extract, classify or pipeline
 * @param runs the run directories, absolute; several make an array
 */
public record JobScript(String stage, List<Path> runs, JobTerms terms, JobBody body) {
  /** The job body that submissions put into the run directory, beside their scripts. */
  public static final String ATTEMPT = "attempt.sh";

  private static final int LONGEST_NAME = 60;

  public JobScript {
    runs = List.copyOf(runs);
  }

  boolean isArray() {
    return runs.size() > 1;
  }

  /** Where the script lies: in the first of its runs, so that it stays as long as that. */
  public Path directory() {
    return runs.get(0).resolve("jobs");
  }

  /** What queues show: "belay-train-ae1". */
  String name() {
    String run = String.valueOf(runs.get(0).getFileName());
    String name = "belay-" + stage + "-" + run.replaceAll("[^A-Za-z0-9_.+-]+", "_");
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  /**
   * File of the scheduler's own words; attempt.sh goes on in the log of each run. /dev/null where
   * the scheduler would read something into the path.
   */
  String output() {
    Path log =
        isArray() ? directory().resolve(stage + "-array.log") : runs.get(0).resolve("logs/job.log");
    return Shell.isPlain(log.toString()) ? log.toString() : "/dev/null";
  }

  /**
   * @param header the scheduler's lines
   * @param index a shell word for the number of the run in an array, from 0
   */
  String text(List<String> header, String index) {
    List<String> lines = new ArrayList<>();
    lines.add("#!/bin/bash");
    lines.addAll(header);
    lines.add("# Made by belay submit. The same job again, by hand: submit this file.");
    lines.add("cd -- " + Shell.quote(body.directory().toString()) + " || exit 3");
    body.variables()
        .forEach((name, value) -> lines.add("export " + name + "=" + Shell.quote(value)));
    if (!isAscii()) {
      lines.add("export LC_ALL=C.UTF-8 # java reads names by it");
    }
    if (isArray()) {
      lines.add("runs=(");
      runs.forEach(run -> lines.add("    " + Shell.quote(run.toString())));
      lines.add(")");
      lines.add("run=${runs[" + index + "]:?}");
    }
    lines.add(call());
    return String.join("\n", lines) + "\n";
  }

  private String call() {
    String attempt = Shell.quote(directory().resolve(ATTEMPT).toString());
    String run = isArray() ? "\"$run\"" : Shell.quote(runs.get(0).toString());
    String options = body.options().isEmpty() ? "" : " " + Shell.quote(body.options());
    return "exec " + attempt + " " + stage + " " + run + options;
  }

  private boolean isAscii() {
    return Stream.of(runs.stream().map(Path::toString), body.options().stream())
            .flatMap(texts -> texts)
            .flatMapToInt(String::chars)
            .boxed()
            .max(Comparator.naturalOrder())
            .orElse(0)
        < 128;
  }
}
