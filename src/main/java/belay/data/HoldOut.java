package belay.data;

import belay.error.ConfigurationException;
import belay.random.Philox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Takes images out of a training set that nothing is trained on: of each class as large a share as
 * of the others, to an image, drawn by the seed.
 */
final class HoldOut {
  private final ImageSet images;
  private final int count;
  private final Philox random;

  private HoldOut(ImageSet images, int count, long seed) {
    this.images = images;
    this.count = count;
    this.random = new Philox(seed, Philox.Purpose.HELD_OUT);
  }

  /**
   * @param count of images to hold out; 0 for none
   * @throws ConfigurationException if none would be left
   */
  static Dataset of(Dataset whole, int count, long seed) {
    if (count == 0) {
      return whole;
    }
    ImageSet images = whole.train();
    if (count >= images.count()) {
      throw new ConfigurationException(
          "data.validation = %d leaves none of the %d training images to train on"
              .formatted(count, images.count()));
    }
    boolean[] isHeldOut = new boolean[images.count()];
    new HoldOut(images, count, seed).drawn().forEach(row -> isHeldOut[row] = true);
    return new Dataset(
        images.select(rows(isHeldOut, false)),
        Optional.of(images.select(rows(isHeldOut, true))),
        whole.test(),
        whole.classNames());
  }

  private static int[] rows(boolean[] isHeldOut, boolean wanted) {
    return IntStream.range(0, isHeldOut.length).filter(i -> isHeldOut[i] == wanted).toArray();
  }

  private List<Integer> drawn() {
    List<List<Integer>> classes = byClass();
    int[] quotas = quotas(classes.stream().mapToInt(List::size).toArray());
    List<Integer> drawn = new ArrayList<>();
    for (int label = 0; label < quotas.length; label++) {
      drawn.addAll(shuffled(classes.get(label), label).subList(0, quotas[label]));
    }
    return drawn;
  }

  private List<List<Integer>> byClass() {
    List<List<Integer>> classes = new ArrayList<>();
    for (int row = 0; row < images.count(); row++) {
      while (classes.size() <= images.label(row)) {
        classes.add(new ArrayList<>());
      }
      classes.get(images.label(row)).add(row);
    }
    return classes;
  }

  /** Whole numbers nearest to equal shares that add up, by largest remainders (Hamilton 1792). */
  private int[] quotas(int[] sizes) {
    long total = images.count();
    int[] quotas = IntStream.of(sizes).map(n -> (int) ((long) count * n / total)).toArray();
    int missing = count - IntStream.of(quotas).sum();
    IntStream.range(0, sizes.length)
        .boxed()
        .sorted(Comparator.comparing(label -> -((long) count * sizes[label] % total)))
        .limit(missing)
        .forEach(label -> quotas[label]++);
    return quotas;
  }

  private List<Integer> shuffled(List<Integer> rows, int label) {
    for (int i = rows.size() - 1; i > 0; i--) {
      int j = random.below(i + 1, label, i);
      rows.set(i, rows.set(j, rows.get(i)));
    }
    return rows;
  }
}
