package belay.backend.loss;

import belay.backend.Objective;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Tally;

/** The loss of each image, and its gradient. */
public interface Loss {
  /** That of an objective, with outputs in the order of the program's value. */
  static Loss of(Objective objective, Program program) {
    Shape output = program.shape(program.output());
    return objective.accept(
        new Objective.Cases<>() {
          @Override
          public Loss reconstruction(Objective.Reconstruction reconstruction) {
            return SquaredError.plain(output);
          }

          @Override
          public Loss crossEntropy(Objective.CrossEntropy crossEntropy) {
            return new CrossEntropy(output.size(), crossEntropy);
          }
        });
  }

  /**
   * @param outputs of these images, in their order [count, values]
   * @return sums over the images, in their order
   */
  Tally tally(Targets targets, float[] outputs);

  /**
   * The gradient of these images' share of a minibatch's mean.
   *
   * @param outputs [count, values]
   * @param minibatch images in it
   * @param gradient receives that of the outputs [count, values]
   */
  void gradient(Targets targets, float[] outputs, int minibatch, float[] gradient);
}
