package belay.hdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in hexadecimal. */
public final class Sha256 {
  private final MessageDigest digest;

  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime must have SHA-256", e);
    }
  }

  /**
   * Of the numbers as little-endian float32: equals the digest of a dataset of the same values of
   * at most 64 MiB.
   */
  public static String of(float[] values) {
    Sha256 sha256 = new Sha256();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += chunk.capacity() / Float.BYTES) {
      int count = Math.min(chunk.capacity() / Float.BYTES, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      sha256.add(chunk.slice(0, count * Float.BYTES));
    }
    return sha256.hex();
  }

  /** Of a file, as sha256sum prints it. */
  public static String of(Path file) throws IOException {
    Sha256 sha256 = new Sha256();
    ByteBuffer block = ByteBuffer.allocate(1 << 20);
    try (SeekableByteChannel bytes = Files.newByteChannel(file)) {
      while (bytes.read(block.clear()) >= 0) {
        sha256.add(block.flip());
      }
    }
    return sha256.hex();
  }

  /** Of UTF-8 text. */
  public static String of(String text) {
    return new Sha256().add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))).hex();
  }

  /** Adds the remaining bytes, without moving the buffer's position. */
  Sha256 add(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
    return this;
  }

  /** The digest of what was added; begins anew. */
  String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  /** The digest's 32 bytes; begins anew. */
  byte[] bytes() {
    return digest.digest();
  }
}
