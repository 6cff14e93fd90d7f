package belay.run;

import belay.checkpoint.RunStatus.State;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.features.FeatureFile;
import belay.features.FreshFeatures;
import belay.run.ClassifyStage.TestImages;
import belay.svm.SolvedProblems;
import java.util.stream.IntStream;

/** Train, extract and classify in one process; a stage that is complete is not done again. */
public final class PipelineStage {
  private static final System.Logger LOG = System.getLogger("belay.pipeline");

  private final StageRun run;
  private final Timings timings;

  private PipelineStage(StageRun run) {
    this.run = run;
    this.timings = run.bench().timings();
  }

  public static void run(StageRun run) {
    new PipelineStage(run).run();
  }

  private void run() {
    run.enter("train");
    ClassifyStage.check(run, labels(run.bench().inputs().dataset().train()));
    TrainStage.run(run);
    run.leave();
    run.enter("extract");
    ExtractStage extract = new ExtractStage(run, null);
    if (extract.isComplete()) {
      enterClassify();
      ClassifyStage.run(run);
    } else {
      classifyFresh(extract);
    }
    LOG.log(System.Logger.Level.INFO, timings.line());
    System.out.print("\n" + timings.table().text());
  }

  /** Extraction and what follows; it is done when its file is safe, and not before. */
  private void classifyFresh(ExtractStage extract) {
    try (TrainerOnDevice trainer = new TrainerOnDevice(run, extract.inputs());
        FreshFeatures features = extract.encode(trainer);
        FeaturePublication file = publication(features)) {
      if (trainer.isOpen() && train(extract, trainer, file)) {
        return;
      }
      timings.of("files", file::await);
    }
    ClassifyStage.run(run);
  }

  private FeaturePublication publication(FreshFeatures features) {
    run.journal().status(status -> status.as(State.RUNNING, "writing features.h5"));
    return new FeaturePublication(run, features, this::enterClassify);
  }

  private void enterClassify() {
    run.leave();
    run.enter("classify");
  }

  /**
   * While the file is on its way to the disk.
   *
   * @return false if the device refused, as it does when memory is short beside the encoder
   */
  private boolean train(ExtractStage extract, TrainerOnDevice trainer, FeaturePublication file) {
    try {
      finish(extract, trainer, file);
      return true;
    } catch (DeviceException e) {
      TrainerOnDevice.tellOfFile(e);
      return false;
    }
  }

  private void finish(ExtractStage extract, TrainerOnDevice trainer, FeaturePublication file) {
    Dataset images = extract.inputs().dataset();
    TestImages test = new TestImages(labels(images.test()), extract::putTest);
    ClassifyStage.finish(
        run,
        trainer.trainer(),
        SolvedProblems.unkept(),
        images.classNames(),
        test,
        () -> {
          file.await();
          try (FeatureFile safe = FeatureFile.open(run.directory().features())) {
            return ClassifyStage.origin(run, safe);
          }
        });
  }

  static int[] labels(ImageSet images) {
    return IntStream.range(0, images.count()).map(images::label).toArray();
  }
}
