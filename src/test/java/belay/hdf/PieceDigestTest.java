package belay.hdf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PieceDigestTest {
  private static final int PIECE = 4 << 20;
  private final byte[] content = new byte[2 * PIECE + 12345];

  PieceDigestTest() {
    new Random(1).nextBytes(content);
  }

  private String digest(PieceDigest digest, int step) {
    for (int at = 0; at < content.length; at += step) {
      int count = Math.min(step, content.length - at);
      digest.add(CompletableFuture.completedFuture(null), ByteBuffer.wrap(content, at, count));
    }
    return digest.text();
  }

  @Test
  void piecesHaveTheDigestOfTheirDigestsHoweverTheyArrive() {
    Sha256 all = new Sha256();
    for (int at = 0; at < content.length; at += PIECE) {
      int count = Math.min(PIECE, content.length - at);
      all.add(ByteBuffer.wrap(new Sha256().add(ByteBuffer.wrap(content, at, count)).bytes()));
    }
    String expected = all.hex() + ":4194304";
    for (int step : new int[] {content.length, PIECE, PIECE - 1, 777_777}) {
      assertEquals(expected, digest(PieceDigest.like("x:4194304"), step));
    }
  }

  @Test
  void smallContentHasItsPlainDigest() {
    String plain = new Sha256().add(ByteBuffer.wrap(content)).hex();
    assertEquals(plain, digest(PieceDigest.of(content.length), 777_777));
    assertEquals(plain, digest(PieceDigest.like(plain), PIECE + 1));
    assertEquals(new Sha256().hex(), PieceDigest.of(0).text());
    assertNotEquals(plain, digest(PieceDigest.of(PieceDigest.LARGEST_WHOLE + 1), PIECE));
  }
}
