package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.cuda.driver.Address;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Arrays;

/** Values of one type in the host's memory, between bytes that nobody may write. */
public final class HostTensor implements Address {
  private static final int GUARD = 256;
  private static final byte CANARY = (byte) 0xFF; // NaN in every type, if somebody reads it

  private final NativeLibrary library;
  private final ValueType type;
  private final int count;
  private final Memory memory;
  private final Pointer first;

  private HostTensor(NativeLibrary library, ValueType type, int count) {
    this.library = library;
    this.type = type;
    this.count = count;
    this.memory = new Memory(3L * GUARD + bytes());
    memory.setMemory(0, memory.size(), CANARY);
    long at = Pointer.nativeValue(memory);
    this.first = memory.share(GUARD + (GUARD - at % GUARD) % GUARD);
  }

  static HostTensor of(NativeLibrary library, ValueType type, float... values) {
    HostTensor tensor = new HostTensor(library, type, values.length);
    Object[] conversion = {values, tensor.first, values.length};
    library.getFunction("round_to_" + type.suffix()).invokeVoid(conversion);
    return tensor;
  }

  private long bytes() {
    return (long) count * type.bytes();
  }

  @Override
  public long address() {
    return Pointer.nativeValue(first);
  }

  @Override
  public jcuda.NativePointerObject argument() {
    throw new UnsupportedOperationException("memory of the host");
  }

  /** The place of a value. */
  Address at(long value) {
    return Address.of(address() + value * type.bytes());
  }

  public float[] values() {
    long before = Pointer.nativeValue(first) - Pointer.nativeValue(memory);
    assertUntouched(0, before);
    assertUntouched(before + bytes(), memory.size());
    float[] values = new float[count];
    Object[] conversion = {first, values, count};
    library.getFunction("floats_of_" + type.suffix()).invokeVoid(conversion);
    return values;
  }

  private void assertUntouched(long from, long to) {
    for (byte value : memory.getByteArray(from, (int) (to - from))) {
      assertEquals(CANARY, value, "somebody wrote outside of a tensor");
    }
  }

  /** As 32-bit integers, for tensors of F32. */
  void setInts(int... values) {
    assertEquals(count, values.length);
    first.write(0, values, 0, count);
  }

  /**
   * What a kernel wrote is near what it should: half a unit of the type's last place, and the
   * rounding of fp32 sums relative to the largest value.
   */
  public void assertNear(double... expected) {
    double largest =
        Arrays.stream(expected).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    assertNear(largest, expected);
  }

  /**
   * The same where sums cancel.
   *
   * @param terms about the sum of the terms' absolute values
   */
  public void assertNear(double terms, double[] expected) {
    float[] values = values();
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      double bound = unit() * Math.abs(expected[i]) + 4e-6 * terms;
      int at = i;
      assertTrue(
          Math.abs(values[i] - expected[i]) <= bound || bothNan(values[i], expected[i]),
          () -> "value " + at + " is " + values[at] + " instead of " + expected[at]);
    }
  }

  private static boolean bothNan(float actual, double expected) {
    return Float.isNaN(actual) && Double.isNaN(expected);
  }

  /** Half a unit in the last place, relative. */
  private double unit() {
    return switch (type) {
      case F32 -> 0x1p-24;
      case TF32, FP16 -> 0x1p-11;
      case BF16 -> 0x1p-8;
    };
  }
}
