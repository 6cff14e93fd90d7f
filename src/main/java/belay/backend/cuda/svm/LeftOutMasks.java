package belay.backend.cuda.svm;

import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Space;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import jcuda.driver.CUstream;

/** Samples left out, a byte each, on the device while problems use them. */
final class LeftOutMasks {
  private final ValueBlocks blocks;
  private final int samples;
  private final CUstream stream;
  private final Map<BitSet, Mask> masks = new IdentityHashMap<>();

  private static final class Mask {
    private final Space.Part memory;
    private int users;

    private Mask(Space.Part memory) {
      this.memory = memory;
    }
  }

  LeftOutMasks(ValueBlocks blocks, int samples, CUstream stream) {
    this.blocks = blocks;
    this.samples = samples;
    this.stream = stream;
  }

  /** Of the mask that is in use; 0 if nobody is left out. */
  long address(BitSet leftOut) {
    return leftOut.isEmpty() ? 0 : masks.get(leftOut).memory.address();
  }

  /** Counts one more user; false if there is no memory for it. */
  boolean use(BitSet leftOut) {
    if (leftOut.isEmpty()) {
      return true;
    }
    if (!masks.containsKey(leftOut)) {
      Optional<Space.Part> memory = blocks.take(samples);
      if (memory.isEmpty()) {
        return false;
      }
      upload(leftOut, memory.get());
    }
    masks.get(leftOut).users++;
    return true;
  }

  private void upload(BitSet leftOut, Space.Part memory) {
    masks.put(leftOut, new Mask(memory));
    ByteBuffer bytes = Gpu.table(samples);
    leftOut.stream().forEach(place -> bytes.put(place, (byte) 1));
    Gpu.upload(memory.pointer(), bytes, stream);
  }

  /** Counts one user less; the last gives the memory back. */
  void free(BitSet leftOut) {
    Mask mask = masks.get(leftOut);
    if (mask != null && --mask.users == 0) {
      blocks.giveBack(mask.memory);
      masks.remove(leftOut);
    }
  }
}
