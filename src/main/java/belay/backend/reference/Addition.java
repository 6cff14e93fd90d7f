package belay.backend.reference;

import belay.net.Operation;

/**
 * The sum of two values.
 *
 * @param size values of an image
 */
record Addition(Operation.Add add, int size) implements Loops {
  @Override
  public void forward(Pass pass) {
    float[] left = pass.value(add.left());
    float[] right = pass.value(add.right());
    float[] y = pass.value(add.output());
    for (int i = 0; i < pass.images() * size; i++) {
      y[i] = left[i] + right[i];
    }
  }

  @Override
  public void backward(Pass pass, float[] gradient) {
    addTo(add.left(), pass);
    addTo(add.right(), pass);
  }

  private void addTo(int input, Pass pass) {
    if (pass.wantsGradient(input)) {
      float[] dy = pass.gradient(add.output());
      float[] dx = pass.gradient(input);
      for (int i = 0; i < pass.images() * size; i++) {
        dx[i] += dy[i];
      }
    }
  }
}
