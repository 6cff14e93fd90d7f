package belay.metrics;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What training counts. One thread writes; what it writes are plain stores in order, no
 * synchronisation and no allocation, so that a step does not feel them.
 */
public final class TrainMeters {
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong images = new AtomicLong();
  private final Value learningRate = new Value();
  private final Value loss = new Value();
  private final Value testLoss = new Value();
  private final Value validationLoss = new Value();
  private final Value live = new Value();
  private final Value epoch = new Value();
  private final Value trainSeconds = new Value();
  private final Value evaluationSeconds = new Value();

  /** A number that one thread sets. */
  private static final class Value {
    private final AtomicLong bits = new AtomicLong(Double.doubleToRawLongBits(Double.NaN));

    void set(double value) {
      bits.lazySet(Double.doubleToRawLongBits(value));
    }

    double get() {
      return Double.longBitsToDouble(bits.get());
    }
  }

  /** Shows them. */
  public TrainMeters(RunMetrics metrics) {
    metrics.counter(
        meter("steps", null, "Optimiser steps taken by this process"), steps::doubleValue);
    metrics.counter(
        meter("images", null, "Images trained on by this process"), images::doubleValue);
    metrics.gauge(
        meter("learning.rate", null, "Learning rate of the last step"), learningRate::get);
    metrics.gauge(meter("loss", null, "Mean loss of the running epoch's minibatches"), loss::get);
    metrics.gauge(meter("test.loss", null, "Mean loss of the test images"), testLoss::get);
    metrics.gauge(
        meter("validation.loss", null, "Mean loss of the training images held out"),
        validationLoss::get);
    metrics.gauge(
        meter("live.features.ratio", null, "Share of latent features that are ever active"),
        live::get);
    metrics.gauge(meter("epoch", null, "Finished epochs of the run"), epoch::get);
    metrics.gauge(
        meter("epoch.duration", "seconds", "Training time of the last epoch"), trainSeconds::get);
    metrics.gauge(
        meter("evaluation.duration", "seconds", "Time of the last evaluation"),
        evaluationSeconds::get);
  }

  private static RunMetrics.Meter meter(String name, String unit, String description) {
    return new RunMetrics.Meter("belay.train." + name, unit, description);
  }

  /** A step has been queued. */
  public void step(int count, double rate) {
    steps.lazySet(steps.getPlain() + 1);
    images.lazySet(images.getPlain() + count);
    learningRate.set(rate);
  }

  public void loss(double mean) {
    loss.set(mean);
  }

  /** An epoch has ended. */
  public void epoch(
      int number,
      double testLoss,
      double validationLoss,
      double liveFeatures,
      double seconds,
      double evaluation) {
    epoch.set(number);
    this.testLoss.set(testLoss);
    this.validationLoss.set(validationLoss);
    live.set(liveFeatures);
    trainSeconds.set(seconds);
    evaluationSeconds.set(evaluation);
  }
}
