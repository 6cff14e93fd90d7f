package belay.net;

import belay.random.Philox;

/**
 * Which values a dropout keeps: a pure function of seed, operation, step, place in the minibatch
 * and value, so that shards and devices agree on it.
 *
 * <p>Stream (step 2^32 + operation) of {@link Philox.Purpose#DROPOUT}, index (place 2^32 + value);
 * the value is kept where the uniform number is at least the rate.
 */
public final class DropoutMask {
  private final Philox random;
  private final Operation.Dropout dropout;

  public DropoutMask(long seed, Operation.Dropout dropout) {
    this.random = new Philox(seed, Philox.Purpose.DROPOUT);
    this.dropout = dropout;
  }

  /**
   * @param step optimiser steps taken before this one, less than 2^31
   * @param place of the image in the minibatch, from 0
   * @param value in the order [H, W, C]
   */
  public boolean keeps(long step, int place, int value) {
    long stream = step << 32 | dropout.output();
    return random.uniform(stream, (long) place << 32 | value) >= dropout.rate();
  }

  /** What kept values are multiplied by. */
  public float scale() {
    return 1 / (1 - dropout.rate());
  }
}
