package belay.backend.cuda.driver;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;

/** What recording a tape needs of a device. */
public interface Loader {
  /** The function of a call, which may use the call's shared memory. */
  CUfunction function(Call call);

  /** Copies a table of 64-bit integers, before any launch of the tape runs. */
  void upload(CUdeviceptr to, long[] table);
}
