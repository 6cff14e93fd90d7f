package belay.data.augment;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjDoubleConsumer;

/** In which views a trained network sees each image, and how much each view counts. */
public enum TestViews {
  /** The image alone. */
  NONE,
  /** The image and its mirror image. */
  MIRROR,
  /**
   * Those, and the same shifted by a pixel along one diagonal both ways, which count half as much.
   */
  SHIFT;

  private record Weighted(ImageTransform view, double weight) {}

  /**
   * Makes one view after the other; weights add up to 1.
   *
   * @param each is given all images in a view, and its weight
   */
  public void each(ImageSet images, ObjDoubleConsumer<ImageSet> each) {
    if (this == NONE) {
      each.accept(images, 1);
      return;
    }
    for (Weighted seen : views(images.format())) {
      each.accept(seen.view().of(images), seen.weight());
    }
  }

  private List<Weighted> views(ImageFormat format) {
    boolean isShifted = this == SHIFT && Math.min(format.height(), format.width()) > 1;
    List<Weighted> views = new ArrayList<>();
    for (boolean isMirrored : new boolean[] {false, true}) {
      views.add(new Weighted(ImageTransform.fixed(format, isMirrored, 0), isShifted ? 0.25 : 0.5));
      if (isShifted) {
        views.add(new Weighted(ImageTransform.fixed(format, isMirrored, -1), 0.125));
        views.add(new Weighted(ImageTransform.fixed(format, isMirrored, 1), 0.125));
      }
    }
    return views;
  }
}
