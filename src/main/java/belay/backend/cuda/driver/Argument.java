package belay.backend.cuda.driver;

import jcuda.NativePointerObject;
import jcuda.Pointer;

/**
 * One argument of a call.
 *
 * @param type in C, as the kernel declares it once macros are expanded
 * @param value an {@link Address}, null for a null pointer, or a number
 */
public record Argument(String type, Object value) {
  /** Where the driver finds it. */
  NativePointerObject pointer() {
    if (value == null) {
      return Pointer.to(new long[1]);
    } else if (value instanceof Address address) {
      return address.argument();
    } else if (value instanceof Integer number) {
      return Pointer.to(new int[] {number});
    } else if (value instanceof Long number) {
      return Pointer.to(new long[] {number});
    } else if (value instanceof Float number) {
      return Pointer.to(new float[] {number});
    } else if (value instanceof Double number) {
      return Pointer.to(new double[] {number});
    }
    throw new IllegalArgumentException("No kernel takes a " + value.getClass());
  }
}
