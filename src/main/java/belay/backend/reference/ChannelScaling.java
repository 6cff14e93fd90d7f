package belay.backend.reference;

import belay.net.Operation;

/**
 * {@link Operation.Normalize}, in f32: three roundings a value, on every device the same.
 *
 * @param size values of an image
 */
record ChannelScaling(Operation.Normalize normalize, int size) implements Loops {
  @Override
  public void forward(Pass pass) {
    float[] x = pass.value(normalize.input());
    float[] y = pass.value(normalize.output());
    int channels = normalize.mean().size();
    for (int i = 0; i < pass.images() * size; i++) {
      int c = i % channels;
      float mean = pass.weights()[normalize.mean().offset() + c];
      float deviation = pass.weights()[normalize.deviation().offset() + c];
      y[i] = (x[i] - mean) / deviation;
    }
  }

  /** Nobody asks for the gradient of the images. */
  @Override
  public void backward(Pass pass, float[] gradient) {}
}
