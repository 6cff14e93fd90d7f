package belay.tune;

import belay.backend.TrainPlan;
import belay.error.DivergedException;
import belay.train.EpochResult;
import belay.train.Progress;
import belay.train.TrainTask;
import belay.train.TrainWatch;
import belay.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/** A short training as belay train has it, judged by the held-out images after each epoch. */
final class GridTrial {
  private final Bench bench;
  private final Setup setup;
  private final List<Point> points = new ArrayList<>();

  private GridTrial(Bench bench, Setup setup) {
    this.bench = bench;
    this.setup = setup;
  }

  static Trial.Curve of(Bench bench, Setup setup) {
    return new GridTrial(bench, setup).train();
  }

  private Trial.Curve train() {
    TrainTask.Judge judge = new TrainTask.Judge(bench.images().judging().count(), true);
    TrainTask task = new TrainTask(bench.network(), setup.spec(), bench.train().count(), judge);
    try (TrainPlan plan = bench.compile(setup.spec(), bench.train(), bench.images().judging())) {
      new Trainer(plan, setup.settings(), task, (state, at) -> {}, new Epochs(), bench.stop())
          .run(Progress.start(), 0);
      return new Trial.Curve(points, false);
    } catch (DivergedException runAway) {
      return new Trial.Curve(points, true);
    }
  }

  /** Keeps the epochs of a training that diverges, too. */
  private final class Epochs implements TrainWatch {
    @Override
    public void step(int images, double learningRate) {
      bench.watch().step(images, learningRate);
    }

    @Override
    public void loss(double meanLoss) {
      bench.watch().loss(meanLoss);
    }

    @Override
    public void epochEnds(EpochResult result) {
      points.add(
          new Point(
              result.epoch(),
              result.trainLoss(),
              result.trainAccuracy(),
              result.judgedLoss(),
              result.judgedAccuracy()));
    }
  }
}
