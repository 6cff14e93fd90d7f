package belay.report;

import belay.view.Picture;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * Builds a page piece by piece. Texts and attribute values are escaped here and nowhere else, so
 * that no name or message of a run can become markup.
 */
final class Html {
  private final StringBuilder page = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes name and value in turn; a null value leaves the attribute out
   */
  Html open(String tag, Object... attributes) {
    start(tag, attributes);
    open.push(tag);
    return this;
  }

  /** An element that has neither content nor end. */
  Html single(String tag, Object... attributes) {
    start(tag, attributes);
    return this;
  }

  /** Closes the element opened last. */
  Html close() {
    page.append("</").append(open.pop()).append('>');
    return this;
  }

  Html close(int elements) {
    for (int i = 0; i < elements; i++) {
      close();
    }
    return this;
  }

  Html text(Object text) {
    escape(String.valueOf(text), page);
    return this;
  }

  /** A whole element that holds only text. */
  Html element(String tag, Object text, Object... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** Markup of our own; never anything that a run or a user wrote. */
  Html raw(String markup) {
    page.append(markup);
    return this;
  }

  /**
   * @param scale page pixels for one of the picture's, at most; narrow pages shrink it
   */
  Html picture(Picture picture, int scale) {
    // Base64 needs no escapes, and there are megabytes of it.
    return raw("<img src=\"data:image/png;base64,")
        .raw(Base64.getEncoder().encodeToString(picture.png()))
        .raw(
            "\" class=\"pixels\" width=\"%d\" height=\"%d\" alt=\""
                .formatted(picture.width() * scale, picture.height() * scale))
        .text(picture.description())
        .raw("\">");
  }

  /** The markup so far. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return page.toString();
  }

  private void start(String tag, Object... attributes) {
    page.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1] != null) {
        page.append(' ').append(attributes[i]).append("=\"");
        escape(String.valueOf(attributes[i + 1]), page);
        page.append('"');
      }
    }
    page.append('>');
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(isPrintable(c) ? c : '\uFFFD');
      }
    }
  }

  private static boolean isPrintable(char c) {
    return c >= ' ' && c != 0x7F || c == '\n' || c == '\t';
  }
}
