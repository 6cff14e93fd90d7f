package belay.svm;

import belay.error.ConfigurationException;
import belay.random.Philox;
import belay.svm.host.ClassOrder;
import belay.svm.host.Range;
import java.util.BitSet;

/**
 * A division of sorted samples into parts of almost equal size, each with almost the same share of
 * every class. A function of seed, labels and rows alone.
 *
 * @param of part of each place [n]
 */
record Folds(int count, int[] of) {
  static Folds of(ClassOrder order, int count, long seed) {
    int samples = order.rows().length;
    if (count > samples) {
      throw new ConfigurationException(
          "svm.folds = %d, and there are %d training samples: a fold needs at least one"
              .formatted(count, samples));
    }
    Philox random = new Philox(seed, Philox.Purpose.FOLDS);
    int[] of = new int[samples];
    int next = 0; // dealt on from class to class, so that small classes do not all end in fold 0
    for (int c = 0; c < order.count(); c++) {
      int[] places = shuffled(order.range(c), random, order.classes()[c]);
      for (int place : places) {
        of[place] = next;
        next = (next + 1) % count;
      }
    }
    return new Folds(count, of);
  }

  /** Fisher and Yates; a class's order does not depend on the other classes. */
  private static int[] shuffled(Range range, Philox random, int label) {
    int[] places = new int[range.count()];
    for (int i = 0; i < places.length; i++) {
      int other = random.below(i + 1, label, i);
      places[i] = places[other];
      places[other] = range.first() + i;
    }
    return places;
  }

  /** The places that a fold leaves out. */
  BitSet leftOut(int fold) {
    BitSet places = new BitSet(of.length);
    for (int p = 0; p < of.length; p++) {
      places.set(p, of[p] == fold);
    }
    return places;
  }
}
