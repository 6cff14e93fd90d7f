package belay.backend;

/** Number format of activations and kernels; weights, moments and sums are always fp32. */
public enum Precision {
  FP32,
  TF32,
  BF16,
  FP16
}
