package belay.cli;

import belay.cli.option.RunPath;
import belay.json.Json;
import belay.review.RunColumn;
import belay.review.RunTable;
import belay.view.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists runs. */
@Command(
    name = "runs",
    description = {
      "Lists all runs below a directory. It reads only what the chosen columns need, and writes"
          + " nothing.",
      ""
    },
    footer = {
      "",
      "Columns: run, state, stage, epoch, step, best-epoch, test-loss and validation-loss (of the"
          + " best epoch), train-loss, test-accuracy, validation-accuracy and train-accuracy (of a network"
          + " with logits), live-features, accuracy (of the SVM), accuracy-epoch (of the"
          + " checkpoint that it goes back to),"
          + " images-per-second, train-seconds, attempts, interruptions, gpu-hours, gpu-hours-lost (by"
          + " attempts that were killed or failed), gpu-hours-idle, host, job, version, updated, and"
          + " every key of belay config. A key that was changed while a run trained shows all its"
          + " values: 32, then 64 after epoch 8.",
      "",
      "  belay runs runs --sort test-loss --where train.batch=128 --where 'accuracy>=68%%'",
      "  belay runs runs --columns run,test-loss,train.learning-rate --csv > runs.csv"
    })
final class RunsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      converter = RunPath.class,
      description = "Where to look, ${DEFAULT-VALUE} if not given.")
  private Path directory = Path.of(".");

  @Option(
      names = "--columns",
      paramLabel = "NAME",
      split = ",",
      description = "What to show, in this order.")
  private List<String> columns = RunColumn.USUAL;

  @Option(
      names = "--where",
      paramLabel = "'COLUMN<VALUE'",
      description =
          "Only runs for which this holds: = != < <= > >=, or ~ for contains. May be repeated: all"
              + " must hold.")
  private List<String> conditions = new ArrayList<>();

  @Option(names = "--sort", paramLabel = "COLUMN", description = "Smallest first.")
  private String sort;

  @Option(names = "--reverse", description = "Largest first.")
  private boolean isReversed;

  @ArgGroup private Format format = new Format();

  private static final class Format {
    @Option(names = "--json", description = "A JSON array of objects.")
    private boolean json;

    @Option(names = "--csv", description = "Comma-separated values (RFC 4180).")
    private boolean csv;
  }

  @Override
  public Integer call() {
    RunTable.Found found = new RunTable(directory, columns, conditions, sort, isReversed).find();
    Table table = found.table();
    if (format.json) {
      System.out.print(Json.page(table.records()));
    } else if (format.csv) {
      System.out.print(table.csv("\r\n"));
    } else if (table.isEmpty()) {
      System.out.println("No such run below " + directory);
    } else {
      System.out.print(table.text());
      found.notes().forEach(System.out::println);
    }
    Problems.tell(found.problems());
    return Problems.exitCode(found.problems());
  }
}
