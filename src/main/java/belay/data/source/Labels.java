package belay.data.source;

import belay.data.ClassNames;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.error.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** How many classes labels make, and image sets that say so. */
final class Labels {
  static final int MOST = 256; // an image set keeps a label in a byte

  private Labels() {}

  /**
   * @param place for the message
   * @param wanted data.classes; empty for the highest label + 1
   * @param sets labels of training and of test images
   * @throws DataException if a label is none of the wanted classes
   */
  static int classes(Path place, OptionalInt wanted, byte[]... sets) {
    int highest = 0;
    for (byte[] set : sets) {
      for (byte label : set) {
        highest = Math.max(highest, label & 0xFF);
      }
    }
    if (wanted.isPresent() && highest >= wanted.getAsInt()) {
      throw new DataException(
          "%s: has label %d, expected 0 to %d: data.classes = %d does not describe it, auto would"
              .formatted(place, highest, wanted.getAsInt() - 1, wanted.getAsInt()));
    }
    return wanted.orElse(Math.max(2, highest + 1));
  }

  /**
   * @throws DataException if a label is negative or does not fit a byte
   */
  static byte[] bytes(String where, long[] labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= MOST) {
        throw new DataException(
            "%s: label %d is %d, expected 0 to %d: there are at most %d classes"
                .formatted(where, i, labels[i], MOST - 1, MOST));
      }
      bytes[i] = (byte) labels[i];
    }
    return bytes;
  }

  /** With "0", "1", ... for names. */
  static Dataset numbered(ImageShape shape, int classes, Planes train, Planes test) {
    return dataset(shape, ClassNames.numbers(classes), train, test);
  }

  static Dataset dataset(ImageShape shape, List<String> names, Planes train, Planes test) {
    return new Dataset(
        new ImageSet(shape.format(names.size()), train.pixels(), train.labels()),
        new ImageSet(shape.format(names.size()), test.pixels(), test.labels()),
        names);
  }
}
