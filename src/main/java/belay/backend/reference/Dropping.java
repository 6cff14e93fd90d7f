package belay.backend.reference;

import belay.net.DropoutMask;
import belay.net.Operation;

/** Dropout. */
final class Dropping implements Loops {
  private final Operation.Dropout dropout;
  private final int size; // values of an image
  private final DropoutMask mask;
  private float[] factors = {}; // of the last pass, [n H W C]

  Dropping(Operation.Dropout dropout, int size, long seed) {
    this.dropout = dropout;
    this.size = size;
    this.mask = new DropoutMask(seed, dropout);
  }

  @Override
  public void forward(Pass pass) {
    float[] x = pass.value(dropout.input());
    float[] y = pass.value(dropout.output());
    pass.training()
        .ifPresentOrElse(
            moment -> {
              factors = factors(pass.images(), moment);
              for (int i = 0; i < factors.length; i++) {
                y[i] = factors[i] == 0 ? 0 : x[i] * factors[i];
              }
            },
            () -> System.arraycopy(x, 0, y, 0, pass.images() * size));
  }

  private float[] factors(int images, Pass.Moment moment) {
    float[] factors = new float[images * size];
    for (int i = 0; i < factors.length; i++) {
      boolean kept = mask.keeps(moment.step(), moment.place() + i / size, i % size);
      factors[i] = kept ? mask.scale() : 0;
    }
    return factors;
  }

  @Override
  public void backward(Pass pass, float[] gradient) {
    if (pass.wantsGradient(dropout.input())) {
      float[] dy = pass.gradient(dropout.output());
      float[] dx = pass.gradient(dropout.input());
      for (int i = 0; i < factors.length; i++) {
        dx[i] += factors[i] == 0 ? 0 : dy[i] * factors[i];
      }
    }
  }
}
