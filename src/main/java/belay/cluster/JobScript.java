package belay.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The script of one job, or of an array of jobs: the scheduler's own lines over a call of the one
 * job body, attempt.sh. Texts of users stand in single quotes there, or nowhere.
 *
 * @param stage train, extract, classify or pipeline
 * @param runs several make an array
 */
public record JobScript(String stage, List<JobRun> runs, JobTerms terms, JobBody body) {
  private static final int LONGEST_NAME = 60;

  public JobScript {
    runs = List.copyOf(runs);
  }

  boolean isArray() {
    return runs.size() > 1;
  }

  private JobRun first() {
    return runs.get(0);
  }

  /** Where the script lies: with the first of its runs, so that it stays as long as that. */
  public Path directory() {
    return first().place().scripts();
  }

  /** What queues show: "belay-train-ae1". */
  String name() {
    String run = String.valueOf(first().directory().getFileName());
    String name = "belay-" + stage + "-" + run.replaceAll("[^A-Za-z0-9_.+-]+", "_");
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  /**
   * File of the scheduler's own words; attempt.sh goes on in the log of each run. /dev/null where
   * the scheduler would read something into the path.
   */
  String output() {
    Path log = isArray() ? directory().resolve(stage + "-array.log") : first().place().log(stage);
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
    String call = "exec " + Shell.quote(body.attempt().toString()) + " " + stage + " ";
    if (isArray()) {
      lines.addAll(choice(index));
      lines.add(call + "\"${run[@]}\"");
    } else {
      lines.add(call + words(first()));
    }
    return String.join("\n", lines) + "\n";
  }

  private List<String> choice(String index) {
    List<String> lines = new ArrayList<>();
    lines.add("case " + index + " in");
    for (int run = 0; run < runs.size(); run++) {
      lines.add("    %d) run=(%s) ;;".formatted(run, words(runs.get(run))));
    }
    lines.add("    *) echo 'This is an array of %d jobs' >&2 && exit 2 ;;".formatted(runs.size()));
    lines.add("esac");
    return lines;
  }

  /** The run directory and its options. */
  private static String words(JobRun run) {
    return Shell.quote(
        Stream.concat(Stream.of(run.directory().toString()), run.options().stream()).toList());
  }

  private boolean isAscii() {
    return runs.stream()
        .flatMap(
            run -> Stream.concat(Stream.of(run.directory().toString()), run.options().stream()))
        .flatMapToInt(String::chars)
        .allMatch(letter -> letter < 128);
  }
}
