package belay.backend;

import belay.net.Shape;
import belay.net.Window;

/** The pixels that windows cover, in every case by asking each tap whether it lies inside. */
final class WindowTaps {
  private WindowTaps() {}

  /** Called for each pixel of each window that lies in the image. */
  interface Tap {
    /**
     * @param x index of the first channel of the image's pixel
     * @param y index of the first channel of the window's pixel
     * @param tap place in the window, row-major
     */
    void visit(int x, int y, int tap);
  }

  static void forEach(int images, Shape in, Shape out, Window window, Tap visit) {
    int taps = window.kernel() * window.kernel();
    for (int pixel = 0; pixel < images * out.height() * out.width(); pixel++) {
      int image = pixel / out.width() / out.height();
      int top = pixel / out.width() % out.height() * window.stride() - window.padding();
      int left = pixel % out.width() * window.stride() - window.padding();
      for (int tap = 0; tap < taps; tap++) {
        int h = top + tap / window.kernel();
        int w = left + tap % window.kernel();
        if (h >= 0 && h < in.height() && w >= 0 && w < in.width()) {
          int x = ((image * in.height() + h) * in.width() + w) * in.channels();
          visit.visit(x, pixel * out.channels(), tap);
        }
      }
    }
  }
}
