package belay.cli;

import belay.cli.option.RunOption;
import belay.json.Json;
import belay.report.TuningReport;
import belay.run.StageRun;
import belay.run.TuneStage;
import belay.run.Version;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.tune.Finding;
import belay.tune.Part;
import belay.view.Tuning;
import belay.view.TuningStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks for a learning rate and a weight decay. */
@Command(
    name = "tune",
    description = {
      "Looks for a learning rate and a weight decay as the craft does: is the loss before training"
          + " what guessing costs, can the network learn ten minibatches by heart, which rate lowers"
          + " the loss, a coarse grid of rates and decays, a fine one. Held-out images judge. Ends with"
          + " RUN/tune.html and the command to train with. The same command goes on with a tuning that"
          + " was interrupted.",
      ""
    },
    footer = {
      "",
      "  belay tune --run runs/t1 --conf classifier --set data.dir=data/cifar10",
      "  belay tune --run runs/t1 --step rate",
      "",
      "Keys: tune.overfit-batches, tune.overfit-passes, tune.range-steps, tune.coarse-epochs,"
          + " tune.fine-epochs; docs/tune.md."
    })
final class TuneCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.tune");

  @Mixin private RunOption run;

  @Option(
      names = "--step",
      paramLabel = "NAME",
      description =
          "This step alone, after those that it begins with: initial, overfit, rate, coarse or fine.")
  private Part step;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    run.execute("tune", this::tune);
    return 0;
  }

  private void tune(StageRun stage) {
    Path page = TuneStage.page(stage);
    TuneStage.Result result =
        TuneStage.run(stage, Optional.ofNullable(step), tuning -> write(stage, page, tuning));
    LOG.log(System.Logger.Level.INFO, "page=" + page);
    System.out.print(json ? Json.page(Found.of(result)) : text(result.tuning()));
  }

  private static void write(StageRun stage, Path page, Tuning tuning) {
    try {
      stage.lease().check();
      AtomicFile.write(page, new TuningReport(tuning, Instant.now(), Version.text()).html());
    } catch (IOException e) {
      throw DiskProblem.of("write", page, e);
    }
  }

  /** For programs. */
  private record Found(String run, List<Finding> steps, Map<String, String> keys, String command) {
    static Found of(TuneStage.Result result) {
      Tuning tuning = result.tuning();
      return new Found(tuning.name(), result.findings(), result.keys(), tuning.command());
    }
  }

  private static String text(Tuning tuning) {
    StringBuilder text = new StringBuilder();
    tuning.notes().forEach(note -> text.append(note).append('\n'));
    for (TuningStep found : tuning.steps()) {
      text.append("\n%s (%s)\n".formatted(found.title(), found.verdict().words()));
      text.append(found.sentence()).append('\n');
      text.append(found.trials().isEmpty() ? "" : found.trials().text());
    }
    return text + (tuning.command().isEmpty() ? "" : "\n" + tuning.command() + "\n");
  }
}
