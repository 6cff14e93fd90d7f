package belay.data.augment;

import belay.random.Philox;

/**
 * What is drawn for an image in an epoch: a function of (seed, epoch, row, what, turn) alone.
 *
 * @param random of {@link Philox.Purpose#AUGMENTATION}
 */
record Draws(Philox random, int epoch, int row) {
  private static final int TURN = 256;

  /**
   * From 0 to bound - 1: the upper word of stream epoch, index (({@value #TURN} turn + what) 2^32 +
   * row), times the bound, divided by 2^32.
   *
   * @param turn of what is drawn several times, from 0
   */
  int below(int bound, Draw what, int turn) {
    return draw(epoch, what, turn, bound);
  }

  int below(int bound, Draw what) {
    return below(bound, what, 0);
  }

  /** As {@link #below}, once for all epochs. */
  int belowInAllEpochs(int bound, Draw what) {
    return draw(0, what, 0, bound);
  }

  /** From -most to most. */
  int around0(int most, Draw what) {
    return most == 0 ? 0 : below(2 * most + 1, what) - most;
  }

  /**
   * As {@link #below}, of stream epoch + (row + 1) 2^32, index at.
   *
   * @param at place of a byte in the view
   */
  int ofByte(int bound, int at) {
    return drawInside(at, bound);
  }

  /** The same of index 2^32 + square. */
  int ofSquare(int bound, int square) {
    return drawInside(1L << 32 | square, bound);
  }

  private int drawInside(long index, int bound) {
    long word = random.bits(row + 1L << 32 | epoch, index) >>> 32;
    return (int) (word * bound >>> 32);
  }

  private int draw(int stream, Draw what, int turn, int bound) {
    long number = (long) TURN * turn + what.ordinal();
    long word = random.bits(stream, number << 32 | row) >>> 32;
    return (int) (word * bound >>> 32);
  }
}
