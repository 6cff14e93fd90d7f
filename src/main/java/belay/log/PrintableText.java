package belay.log;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** A text of others that comes in pieces, fit for a terminal: lines stay, tabs become blanks. */
public final class PrintableText {
  private static final String TAB = "    ";

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /**
   * The next piece.
   *
   * @param bytes in UTF-8; those of a character that is not whole yet are left in it, compacted
   */
  public String next(ByteBuffer bytes) {
    CharBuffer chars = CharBuffer.allocate(bytes.remaining() + 1);
    decoder.decode(bytes, chars, false);
    bytes.compact();
    String[] lines = chars.flip().toString().replace("\t", TAB).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      lines[i] = Printable.line(lines[i]);
    }
    return String.join("\n", lines);
  }
}
