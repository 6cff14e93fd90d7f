package belay.backend.reference;

import belay.backend.EncodePlan;
import belay.backend.StopFlag;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Program;

/** Encodes one image after another. */
final class ReferenceEncodePlan implements EncodePlan {
  private final Interpreter interpreter;
  private final Mark upTo;
  private final ImageSet images;
  private final float[] weights;

  ReferenceEncodePlan(StopFlag stop, Program program, Mark upTo, ImageSet images, float[] weights) {
    this.interpreter = new Interpreter(stop, program, program.leadingTo(upTo), 1, 0);
    this.upTo = upTo;
    this.images = images;
    this.weights = weights;
  }

  @Override
  public void encode(int first, int count, float[] features) {
    for (int i = 0; i < count; i++) {
      images.normalized(new int[] {first + i}, 0, 1, interpreter.input());
      interpreter.infer(weights, 1);
      float[] value = interpreter.value(upTo);
      System.arraycopy(value, 0, features, i * value.length, value.length);
    }
  }

  @Override
  public void close() {}
}
