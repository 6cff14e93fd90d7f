package belay.backend.reference;

import belay.net.Shape;
import belay.net.Window;

/**
 * The pixels of an image that each window of a pooling covers; what lies outside is not visited.
 *
 * @param in shape of the image
 * @param out shape of what the windows make of it
 */
record WindowPixels(Shape in, Shape out, Window window) {
  /** Called for each pair of a value of the image and a value of a window that covers it. */
  interface Visit {
    /**
     * @param x index of the image's value
     * @param y index of the window's value
     */
    void visit(int x, int y);
  }

  /** All pairs, window after window, in each window row after row. */
  void forEach(int images, Visit visit) {
    for (int y = 0; y < images * out.size(); y++) {
      forEachIn(y, visit);
    }
  }

  /** The pairs of one window, row after row. */
  void forEachIn(int y, Visit visit) {
    int image = y / out.size() * in.size();
    int c = y % out.channels();
    int top = y / out.channels() / out.width() % out.height() * window.stride() - window.padding();
    int left = y / out.channels() % out.width() * window.stride() - window.padding();
    for (int h = Math.max(0, top); h < Math.min(in.height(), top + window.kernel()); h++) {
      for (int w = Math.max(0, left); w < Math.min(in.width(), left + window.kernel()); w++) {
        visit.visit(image + (h * in.width() + w) * in.channels() + c, y);
      }
    }
  }
}
