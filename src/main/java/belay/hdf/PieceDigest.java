package belay.hdf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The digest of a dataset whose bytes pass in order, computed by several threads: one thread's
 * SHA-256 is slower than a good disk.
 *
 * <p>Content of at most 64 MiB has its SHA-256 in hexadecimal. Larger content is cut into pieces of
 * 4 MiB, the last one shorter, and has the SHA-256 of the SHA-256s of its pieces, 32 bytes each in
 * order, followed by ":4194304". Both are functions of the content alone.
 */
final class PieceDigest {
  static final int PIECE_BYTES = 4 << 20;
  static final long LARGEST_WHOLE = 64L << 20;

  private static final String SUFFIX = ":" + PIECE_BYTES;

  private final long pieceBytes;
  private final List<Sha256> pieces = new ArrayList<>();
  private final List<CompletableFuture<Void>> digested = new ArrayList<>(); // a piece's last part
  private long position;

  private PieceDigest(long pieceBytes) {
    this.pieceBytes = pieceBytes;
  }

  /** Of content of so many bytes. */
  static PieceDigest of(long bytes) {
    return bytes > LARGEST_WHOLE ? inPieces() : whole();
  }

  /** Of the form that a manifest lists, whatever the size: h5repack and others keep it. */
  static PieceDigest like(String listed) {
    return listed.endsWith(SUFFIX) ? inPieces() : whole();
  }

  private static PieceDigest inPieces() {
    return new PieceDigest(PIECE_BYTES);
  }

  private static PieceDigest whole() {
    return new PieceDigest(Long.MAX_VALUE);
  }

  /**
   * Takes the next bytes; its position stays.
   *
   * @param ready when the bytes are there
   * @return when they are digested and may change
   */
  CompletableFuture<Void> add(CompletableFuture<Void> ready, ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    CompletableFuture<Void> all = ready;
    while (rest.hasRemaining()) {
      int count = (int) Math.min(rest.remaining(), pieceBytes - position % pieceBytes);
      ByteBuffer part = rest.slice(rest.position(), count);
      rest.position(rest.position() + count);
      all = CompletableFuture.allOf(all, append(ready, part));
      position += count;
    }
    return all;
  }

  private CompletableFuture<Void> append(CompletableFuture<Void> ready, ByteBuffer part) {
    if (position % pieceBytes == 0) {
      pieces.add(new Sha256());
      digested.add(CompletableFuture.completedFuture(null));
    }
    int last = pieces.size() - 1;
    Sha256 sha256 = pieces.get(last);
    CompletableFuture<Void> next =
        CompletableFuture.allOf(ready, digested.get(last))
            .thenRunAsync(() -> sha256.add(part), DiskCrew.THREADS);
    digested.set(last, next);
    return next;
  }

  /** What stands in the manifest; waits for the threads. */
  String text() {
    digested.forEach(CompletableFuture::join);
    if (pieceBytes == Long.MAX_VALUE) {
      return pieces.isEmpty() ? new Sha256().hex() : pieces.get(0).hex();
    }
    Sha256 all = new Sha256();
    pieces.forEach(piece -> all.add(ByteBuffer.wrap(piece.bytes())));
    return all.hex() + SUFFIX;
  }
}
