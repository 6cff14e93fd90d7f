package belay.backend.cuda.driver;

import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** A place in device memory. It has to exist once a call that takes it is recorded. */
public interface Address {
  /** The eight bytes that the driver copies into a launch. */
  NativePointerObject argument();

  /** As a number, for tables that kernels read. */
  long address();

  static Address of(CUdeviceptr pointer) {
    return new Pointed(pointer);
  }

  static Address of(long address) {
    return new Numbered(address);
  }

  /** As the driver's binding holds it. */
  record Pointed(CUdeviceptr pointer) implements Address {
    @Override
    public NativePointerObject argument() {
      return Pointer.to(pointer);
    }

    @Override
    public long address() {
      return Arena.address(pointer);
    }
  }

  /** As a number. */
  record Numbered(long address) implements Address {
    @Override
    public NativePointerObject argument() {
      return Pointer.to(new long[] {address});
    }
  }
}
