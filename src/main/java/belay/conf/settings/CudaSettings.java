package belay.conf.settings;

/**
 * The GPU.
 *
 * @param device from 0, within CUDA_VISIBLE_DEVICES
 * @param tier generation of GPUs whose kernels run, such as sm_80; or auto
 */
public record CudaSettings(int device, String tier) {
  static CudaSettings of(Values values) {
    return new CudaSettings(values.get(Keys.CUDA_DEVICE), values.get(Keys.CUDA_TIER));
  }
}
