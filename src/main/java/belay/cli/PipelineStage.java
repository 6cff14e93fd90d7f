package belay.cli;

import belay.features.EncodedBatch;
import belay.features.FreshFeatures;

/** Train, extract and classify in one process; a stage that is complete is not done again. */
final class PipelineStage {
  private static final System.Logger LOG = System.getLogger("belay.pipeline");

  private final StageRun run;
  private final Timings timings;

  private PipelineStage(StageRun run) {
    this.run = run;
    this.timings = run.bench().timings();
  }

  static void run(StageRun run) {
    Main.times(run.bench().timings());
    new PipelineStage(run).run();
  }

  private void run() {
    run.enter("train");
    TrainStage.run(run);
    run.leave();
    run.enter("extract");
    ExtractStage extract = new ExtractStage(run, null);
    if (extract.isComplete()) {
      run.leave();
      classifyFile();
    } else {
      classifyFresh(extract);
    }
    LOG.log(System.Logger.Level.INFO, timings.line());
    System.out.print("\n" + timings.table().text());
  }

  private void classifyFile() {
    run.enter("classify");
    ClassifyStage.run(run);
  }

  /** The extraction is done when its file is safe, and not before. */
  private void classifyFresh(ExtractStage extract) {
    try (FreshFeatures features = extract.encode(EncodedBatch.UNUSED);
        FeaturePublication file = new FeaturePublication(run, features)) {
      timings.of("files", file::await);
    }
    run.leave();
    classifyFile();
  }
}
