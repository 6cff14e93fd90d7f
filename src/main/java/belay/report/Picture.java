package belay.report;

import java.util.Base64;

/**
 * A picture inside the page.
 *
 * @param png the whole file
 * @param width pixels
 * @param height pixels
 * @param description what it shows, for those who do not see it
 */
public record Picture(byte[] png, int width, int height, String description) {
  /**
   * @param scale page pixels for one of the picture's, at most; narrow pages shrink it
   */
  void write(Html page, int scale) {
    page.single(
        "img",
        "class",
        "pixels",
        "src",
        "data:image/png;base64," + Base64.getEncoder().encodeToString(png),
        "width",
        width * scale,
        "height",
        height * scale,
        "alt",
        description);
  }
}
