package belay.cli;

import belay.cli.option.ConfigurationOptions;
import belay.cli.option.RunPath;
import belay.error.ConfigurationException;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import belay.submit.Objections;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/**
 * A file of runs, in the grammar of jobs/slurm/array.sbatch and jobs/oar/array.sh: a line is a run
 * directory and options of belay for that run, separated by blanks, or by tabs alone where it has
 * one. No quotes. Empty lines and those that begin with # do not count, nor does what editors of
 * Windows leave: a byte order mark, and CR at the end of lines.
 */
final class RunList {
  private static final int MOST_BYTES = 16 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;
  private final Objections mistakes = new Objections();

  private RunList(Path file) {
    this.file = file;
  }

  /** A run and the options that its line holds. */
  record Line(Path directory, ConfigurationOptions options) {}

  /** What may follow a run directory. */
  @Command
  private static final class Options {
    @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();
  }

  /**
   * @throws ConfigurationException with every mistake, each with its line
   */
  static List<Line> read(Path file) {
    RunList list = new RunList(file);
    String[] lines = list.text().split("\n", -1);
    List<Line> runs = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replaceFirst("\r$", "");
      int number = i + 1;
      if (!line.matches("[ \t]*(#.*)?")) {
        list.mistakes.unless(() -> runs.add(list.line(line, number)));
      }
    }
    list.mistakes.raise();
    return runs;
  }

  private Line line(String line, int number) {
    List<String> words =
        Arrays.stream(line.split(line.contains("\t") ? "\t+" : " +"))
            .filter(word -> !word.isEmpty())
            .toList();
    String[] rest = words.subList(1, words.size()).toArray(String[]::new);
    Options options = new Options();
    try {
      Path directory = new RunPath().convert(words.get(0));
      new CommandLine(options).parseArgs(rest);
      return new Line(directory.toAbsolutePath().normalize(), options.configuration);
    } catch (ParameterException | CommandLine.TypeConversionException e) {
      throw new ConfigurationException(
          "%s:%d: %s; a line is a run directory and its --set, --conf or --backend"
              .formatted(file, number, e.getMessage()));
    }
  }

  private String text() {
    try {
      byte[] bytes = PlainFile.readGiven(file, MOST_BYTES);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(file + " is not UTF-8 text");
    } catch (IOException e) {
      throw DiskProblem.of("read the list of runs", file, e);
    }
  }
}
