package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Buffers of the gradients of all parameters, which go from lanes into a sum and back. Used by one
 * thread at a time.
 */
final class GradientPool {
  private final Primitives make;
  private final long bytes;
  private final Primitive.Call add; // its arguments are moved before each use
  private final Deque<Buffer> free = new ArrayDeque<>();
  private final Set<Buffer> inSum = new HashSet<>();

  GradientPool(Primitives make, long bytes) {
    this.make = make;
    this.bytes = bytes;
    Buffer some = make.allocate(bytes);
    free.push(some);
    Primitive addition = make.pointwise().add(bytes / Float.BYTES);
    this.add =
        make.bound(
            addition, Map.of(Dnnl.SOURCE, some, Dnnl.SOURCE_1, some, Dnnl.DESTINATION, some));
  }

  /** Takes what a lane has found into the sum; the lane gets another buffer. */
  Buffer takeFrom(Lane lane) {
    Buffer gradient = lane.exchangeGradient(free.isEmpty() ? make.allocate(bytes) : free.pop());
    inSum.add(gradient);
    return gradient;
  }

  /** left += right; right is free then. */
  Buffer plus(Buffer left, Buffer right) {
    add.move(Dnnl.SOURCE, left);
    add.move(Dnnl.SOURCE_1, right);
    add.move(Dnnl.DESTINATION, left);
    add.run();
    inSum.remove(right);
    free.push(right);
    return left;
  }

  /** Ends the sum, whole or not: its buffers are free. */
  void reclaim() {
    free.addAll(inSum);
    inSum.clear();
  }
}
