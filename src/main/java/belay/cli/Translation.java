package belay.cli;

import belay.backend.Optimizer;
import belay.backend.Precision;
import belay.backend.TrainSpec;
import belay.conf.RateSettings;
import belay.conf.Settings;
import belay.conf.TrainSettings;
import belay.conf.UpdateSettings;
import belay.train.Schedule;
import belay.train.TrainerSettings;

/** From the configuration's records to those of the packages that do the work. */
final class Translation {
  private Translation() {}

  static TrainSpec trainSpec(TrainSettings train) {
    UpdateSettings update = train.update();
    return new TrainSpec(
        train.batch(),
        optimizer(update),
        new TrainSpec.Clipping((float) update.clipValue(), (float) update.clipNorm()),
        Precision.valueOf(train.precision().name()));
  }

  private static Optimizer optimizer(UpdateSettings update) {
    return switch (update.optimizer()) {
      case SGD -> new Optimizer.Sgd((float) update.momentum(), (float) update.weightDecay());
      case ADAM -> adam(update, false);
      case ADAMW -> adam(update, true);
    };
  }

  private static Optimizer adam(UpdateSettings update, boolean decoupled) {
    return new Optimizer.Adam(
        (float) update.beta1(),
        (float) update.beta2(),
        (float) update.epsilon(),
        (float) update.weightDecay(),
        decoupled);
  }

  static TrainerSettings trainerSettings(Settings settings) {
    TrainSettings train = settings.train();
    return new TrainerSettings(
        train.seed(),
        train.epochs(),
        train.batch(),
        train.patienceEpochs(),
        train.targetLoss(),
        train.stopAtTarget(),
        settings.checkpoint().intervalSeconds(),
        schedule(train.rate()));
  }

  private static Schedule schedule(RateSettings rate) {
    return new Schedule(
        rate.learningRate(),
        rate.warmupSteps(),
        Schedule.Curve.valueOf(rate.schedule().name()),
        rate.scheduleFinal(),
        rate.scheduleStepEpochs(),
        rate.scheduleFactor());
  }
}
