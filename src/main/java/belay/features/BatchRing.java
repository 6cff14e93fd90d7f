package belay.features;

import belay.backend.EncodePlan;
import belay.backend.EncodePlan.Encoding;
import belay.hdf.FloatRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Buffers that take turns: while the device encodes into one and copies to another, the disk takes
 * those before.
 */
final class BatchRing {
  private static final int MOST = 8;
  private static final int FEWEST = 3; // encoded, copied, written
  private static final long MOST_BYTES = 128L << 20;

  private final EncodePlan plan;
  private final FloatRows rows;
  private final int imageBytes;
  private final Slot[] slots;
  private Slot last; // begun, not yet handed to the disk
  private int turn;

  private static final class Slot {
    private final ByteBuffer buffer;
    private Encoding encoding;
    private int bytes;
    private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

    private Slot(ByteBuffer buffer) {
      this.buffer = buffer;
    }
  }

  /**
   * @param batch images that are encoded at once
   * @param imageBytes of an image's features
   */
  BatchRing(EncodePlan plan, FloatRows rows, int batch, int imageBytes) {
    this.plan = plan;
    this.rows = rows;
    this.imageBytes = imageBytes;
    int bytes = Math.multiplyExact(batch, imageBytes);
    slots = new Slot[(int) Math.max(FEWEST, Math.min(MOST, MOST_BYTES / Math.max(1, bytes)))];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot(plan.allocate(bytes));
    }
  }

  /** Begins a batch, then hands the one before it to the disk. */
  void encode(int first, int count) throws IOException {
    turn = (turn + 1) % slots.length;
    Slot slot = slots[turn];
    await(slot.written);
    slot.bytes = count * imageBytes;
    slot.encoding = plan.begin(first, count, slot.buffer);
    write();
    last = slot;
  }

  /** Hands the last batch to the disk. */
  void finish() throws IOException {
    write();
    last = null;
  }

  private void write() throws IOException {
    if (last != null) {
      last.encoding.await();
      last.written = rows.append(last.buffer.slice(0, last.bytes));
    }
  }

  private static void await(CompletableFuture<Void> written) {
    try {
      written.join();
    } catch (CompletionException e) {
      // The next rows that are appended tell it.
    }
  }
}
