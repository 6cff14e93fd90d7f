package belay.backend.reference;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.StopFlag;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.update.Update;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.BitSet;

/** Trains on one thread, one image after another. */
final class ReferenceTrainPlan implements TrainPlan {
  private final Interpreter interpreter;
  private final ImageSet train;
  private final ImageSet test;
  private final Update update;
  private final float[] gradient; // [parameters]
  private double lossSum;
  private long lossImages;

  ReferenceTrainPlan(
      StopFlag stop,
      Network network,
      TrainSpec spec,
      ImageSet train,
      ImageSet test,
      TrainState start) {
    this.interpreter = new Interpreter(stop, network.program(), network.program().operations());
    this.train = train;
    this.test = test;
    this.update = new Update(network, spec, start);
    this.gradient = new float[network.parameterCount()];
    this.lossSum = start.lossSum();
    this.lossImages = start.lossImages();
  }

  @Override
  public void step(int[] rows, StepScalars scalars) {
    Arrays.fill(gradient, 0);
    double errorSum = 0;
    for (int i = 0; i < rows.length; i++) {
      forward(train, rows, i, update.weights());
      errorSum += interpreter.loss();
      interpreter.backward(update.weights(), rows.length, gradient);
    }
    lossSum += errorSum;
    lossImages += rows.length;
    update.apply(gradient, scalars);
  }

  @Override
  public double meanLoss() {
    return lossImages == 0 ? 0 : lossSum / lossImages;
  }

  @Override
  public void resetLoss() {
    lossSum = 0;
    lossImages = 0;
  }

  @Override
  public Evaluation evaluate(int[] rows) {
    double errorSum = 0;
    BitSet live = new BitSet();
    float[] weights = update.inferenceWeights();
    for (int i = 0; i < rows.length; i++) {
      forward(test, rows, i, weights);
      errorSum += interpreter.loss();
      float[] latent = interpreter.value(Mark.LATENT);
      for (int k = 0; k < latent.length; k++) {
        if (latent[k] != 0) {
          live.set(k);
        }
      }
    }
    return new Evaluation(errorSum, rows.length, live);
  }

  private void forward(ImageSet images, int[] rows, int i, float[] weights) {
    images.normalized(rows, i, i + 1, interpreter.input());
    interpreter.forward(weights);
  }

  @Override
  public TrainState snapshot() {
    return update.snapshot(lossSum, lossImages);
  }

  @Override
  public void close() {}
}
