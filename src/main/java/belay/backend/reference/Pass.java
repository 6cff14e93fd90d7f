package belay.backend.reference;

import belay.backend.StopFlag;
import java.util.Optional;

/**
 * Some images on their way through a program. Arrays may be longer than these images need.
 *
 * @param weights parameters, then statistics
 * @param values of the program by number, each [n H W C]
 * @param gradients of the loss with respect to each value, as long as the values; none of the
 *     images
 * @param images n
 * @param training where they are in the training; empty for evaluation and encoding
 */
record Pass(
    StopFlag stop,
    float[] weights,
    float[][] values,
    float[][] gradients,
    int images,
    Optional<Moment> training) {
  /**
   * Where images are in the training.
   *
   * @param step optimiser steps taken before
   * @param place of the first image in its minibatch
   */
  record Moment(long step, int place) {}

  float[] value(int number) {
    return values[number];
  }

  float[] gradient(int number) {
    return gradients[number];
  }

  /** Nobody asks for the gradient of the images. */
  boolean wantsGradient(int number) {
    return number != 0;
  }
}
