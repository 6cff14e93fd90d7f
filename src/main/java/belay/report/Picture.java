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
    // Base64 needs no escapes, and there are megabytes of it.
    page.raw("<img src=\"data:image/png;base64,")
        .raw(Base64.getEncoder().encodeToString(png))
        .raw(
            "\" class=\"pixels\" width=\"%d\" height=\"%d\" alt=\""
                .formatted(width * scale, height * scale))
        .text(description)
        .raw("\">");
  }
}
