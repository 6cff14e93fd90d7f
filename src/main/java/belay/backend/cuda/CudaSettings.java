package belay.backend.cuda;

import belay.backend.Precision;

/**
 * Which GPU to use and how.
 *
 * @param device from 0, within CUDA_VISIBLE_DEVICES
 * @param tier sm_90, sm_80, sm_70 or sm_35 to run older kernels than the GPU's own, or auto
 * @param encoding number format of encoding plans
 */
public record CudaSettings(int device, String tier, Precision encoding) {
  /** The first visible GPU, its best kernels, fp32. */
  public static final CudaSettings DEFAULT = new CudaSettings(0, "auto", Precision.FP32);
}
