package belay.backend.cuda;

/**
 * How activations lie in device memory.
 *
 * @param suffix of the kernels that read and write them
 * @param bytes of one value
 */
record Format(String suffix, int bytes) {
  static final Format F32 = new Format("f32", 4);
}
