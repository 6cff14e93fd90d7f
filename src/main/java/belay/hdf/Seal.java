package belay.hdf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last line of a file: where the object headers begin, and the SHA-256 of superblock and
 * headers. It is written last and checked first: a file without its end is recognised at once, and
 * jhdf, which trusts every length it reads, never sees a damaged header.
 */
record Seal(long headers, String sha256) {
  private static final Pattern PATTERN =
      Pattern.compile("\nbelay-seal headers-at=([0-9a-f]{16}) sha256=([0-9a-f]{64})\n");

  static final int BYTES = 112;

  static Seal of(long headers, ByteBuffer superblock, ByteBuffer block) {
    return new Seal(headers, new Sha256().add(superblock).add(block).hex());
  }

  static Optional<Seal> parse(ByteBuffer bytes) {
    Matcher matcher = PATTERN.matcher(StandardCharsets.ISO_8859_1.decode(bytes));
    return matcher.matches()
        ? Optional.of(new Seal(Long.parseUnsignedLong(matcher.group(1), 16), matcher.group(2)))
        : Optional.empty();
  }

  ByteBuffer bytes() {
    String line = "\nbelay-seal headers-at=%016x sha256=%s\n".formatted(headers, sha256);
    return StandardCharsets.ISO_8859_1.encode(line);
  }
}
