package belay.hdf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * A float32 dataset whose elements arrive in pieces, so that it may be larger than the memory.
 * Several threads digest and write them. For use by one thread.
 */
public final class FloatRows implements AutoCloseable {
  private final DataSink sink;
  private final Function<String, Hdf5Object> whenWhole;
  private final PieceDigest digest;
  private final Deque<CompletableFuture<Void>> pending = new ArrayDeque<>();
  private long missing; // elements

  /**
   * @param whenWhole takes the digest and makes the dataset
   */
  FloatRows(DataSink sink, long elements, Function<String, Hdf5Object> whenWhole) {
    this.sink = sink;
    this.missing = elements;
    this.digest = PieceDigest.of(elements * Float.BYTES);
    this.whenWhole = whenWhole;
  }

  /**
   * Appends elements in row-major order.
   *
   * @throws IOException naming file and reason, for example a full disk
   */
  public void write(float[] values, int offset, int count) throws IOException {
    write(FloatBuffer.wrap(values, offset, count));
  }

  void write(FloatBuffer values) throws IOException {
    while (values.hasRemaining()) {
      await(DiskCrew.BUFFERS - 1);
      int count = Math.min(values.remaining(), DiskCrew.BUFFER_BYTES / Float.BYTES);
      ByteBuffer buffer = DiskCrew.take().limit(count * Float.BYTES);
      buffer.asFloatBuffer().put(values.slice().limit(count));
      values.position(values.position() + count);
      append(buffer).whenComplete((done, problem) -> DiskCrew.giveBack(buffer));
    }
  }

  /**
   * Appends elements without waiting.
   *
   * @param bytes little-endian elements in row-major order; a direct buffer is written without a
   *     copy
   * @return when the bytes are written and may change
   * @throws IOException naming file and reason, if the disk has refused earlier ones
   */
  public CompletableFuture<Void> append(ByteBuffer bytes) throws IOException {
    missing -= bytes.remaining() / Float.BYTES;
    if (missing < 0) {
      throw new IllegalStateException("More elements than the shape holds: " + -missing);
    }
    while (!pending.isEmpty() && pending.peek().isDone()) {
      await(pending.size() - 1);
    }
    ByteBuffer source = bytes.duplicate();
    long at = sink.reserve(source.remaining());
    CompletableFuture<Void> digested = digest.add(CompletableFuture.completedFuture(null), bytes);
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(() -> write(source, at), DiskCrew.THREADS);
    CompletableFuture<Void> both = CompletableFuture.allOf(digested, written);
    pending.add(both);
    return both;
  }

  private void write(ByteBuffer bytes, long at) {
    try {
      sink.write(bytes, at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends the dataset.
   *
   * @throws IllegalStateException if elements are missing
   * @throws IOException naming file and reason, for example a full disk
   */
  public Hdf5Object end() throws IOException {
    if (missing != 0) {
      throw new IllegalStateException("Elements are missing: " + missing);
    }
    await(0);
    return whenWhole.apply(digest.text());
  }

  /** Returns when nothing is being written any more, well or not. */
  @Override
  public void close() {
    pending.forEach(DiskCrew::settle);
    pending.clear();
  }

  private void await(int most) throws IOException {
    try {
      while (pending.size() > most) {
        pending.peek().join();
        pending.remove();
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException disk) {
        throw disk.getCause();
      }
      throw e;
    }
  }
}
