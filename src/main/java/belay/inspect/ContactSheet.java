package belay.inspect;

import belay.checkpoint.Checkpoint;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.Split;
import belay.data.augment.Augmentation;
import belay.data.augment.AugmentedImages;
import belay.error.DataException;
import belay.review.Tiles;
import belay.view.Mosaic;
import belay.view.Picture;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Training images as a training saw them: a line for each, the image and its views. */
final class ContactSheet {
  private static final int EPOCHS = 8;
  private static final int GAP = 2;

  private final Map<String, String> keys;
  private final AugmentedImages views;

  private ContactSheet(Checkpoint checkpoint, Dataset used) {
    this.keys = checkpoint.configuration();
    Augmentation how =
        new Augmentation(
            choice(Augmentation.Mirror.class, "train.mirror"),
            TrainedOn.numberOr0(keys, "train.crop"),
            choice(Augmentation.Border.class, "train.crop-border"),
            TrainedOn.numberOr0(keys, "train.cutout"));
    this.views = new AugmentedImages(used.train(), how, Split.of(keys).seed());
  }

  /**
   * @param used images of the training
   * @param count of lines at most
   * @return each of the first images, then its views in epochs 1 to {@value #EPOCHS}
   */
  static Picture of(Checkpoint checkpoint, Dataset used, int count) {
    return new ContactSheet(checkpoint, used).picture(Math.min(count, used.train().count()));
  }

  /** The first constant where an earlier belay kept no such key: nothing was done then. */
  private <E extends Enum<E>> E choice(Class<E> type, String key) {
    E[] all = type.getEnumConstants();
    String text = keys.getOrDefault(key, all[0].name()).toUpperCase(Locale.ROOT);
    return Arrays.stream(all)
        .filter(one -> one.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "/configuration@%s of the checkpoint is '%s', expected one of %s"
                        .formatted(key, keys.get(key), Arrays.toString(all))));
  }

  private Picture picture(int rows) {
    ImageSet images = views.images();
    ImageFormat format = images.format();
    Mosaic mosaic = new Mosaic(format.height(), format.width(), 1 + EPOCHS, GAP);
    int pixels = format.height() * format.width();
    float[] view = new float[format.imageBytes()];
    for (int row = 0; row < rows; row++) {
      mosaic.add(Tiles.stored(images, row));
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        views.normalized(new int[] {row}, 0, 1, epoch, view);
        mosaic.add(Tiles.computed(view, 0, pixels, format.channels()));
      }
    }
    return mosaic.enlarged(2).picture("training images and their views");
  }
}
