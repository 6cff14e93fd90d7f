package belay.inspect;

import belay.checkpoint.Checkpoint;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.Split;
import belay.data.augment.AugmentedImages;
import belay.review.Tiles;
import belay.view.Mosaic;
import belay.view.Picture;
import java.util.Map;

/** Training images as a training saw them: a line for each, the image and its views. */
final class ContactSheet {
  private static final int EPOCHS = 8;
  private static final int GAP = 2;

  private final AugmentedImages views;

  private ContactSheet(Checkpoint checkpoint, Dataset used) {
    Map<String, String> keys = checkpoint.configuration();
    this.views = new AugmentedImages(used.train(), TrainedViews.of(keys), Split.of(keys).seed());
  }

  /**
   * @param used images of the training
   * @param count of lines at most
   * @return each of the first images, then its views in epochs 1 to {@value #EPOCHS}
   */
  static Picture of(Checkpoint checkpoint, Dataset used, int count) {
    return new ContactSheet(checkpoint, used).picture(Math.min(count, used.train().count()));
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
        views.inputs(new int[] {row}, 0, 1, epoch, view);
        mosaic.add(Tiles.computed(view, 0, pixels, format.channels()));
      }
    }
    return mosaic.enlarged(2).picture("training images and their views");
  }
}
