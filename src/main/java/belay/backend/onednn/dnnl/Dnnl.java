package belay.backend.onednn.dnnl;

import belay.error.DeviceException;

/**
 * The part of oneDNN's C interface (oneAPI Deep Neural Network Library 3.11, dnnl.h) that the
 * backend uses, mapped by JNA. Handles are addresses; out-parameters are arrays of length one.
 */
public final class Dnnl {
  public static final int CPU = 1;
  static final int DEFAULT_STREAM = 1;
  static final int USER_SCRATCHPAD = 1;

  public static final int BF16 = 2;
  public static final int F32 = 3;

  // Format tags: a logical tensor is always N, C, H, W or O, I, H, W.
  public static final int ANY = 1;
  static final int A = 2;
  static final int AB = 3;
  public static final int NHWC = 22;
  static final int HWIO = 28;
  public static final int NCHW16C = 78;
  public static final int NCHW8C = 102;

  static final int FORWARD_TRAINING = 64;
  static final int FORWARD_INFERENCE = 96;
  static final int BACKWARD = 128;

  static final int CONVOLUTION_DIRECT = 0x1;
  static final int DECONVOLUTION_DIRECT = 0xa;
  static final int RELU = 0x20;
  static final int SWISH = 0x2c;
  static final int GELU_ERF = 0x31;
  static final int RELU_FROM_OUTPUT = 0x100;
  static final int POOLING_MAX = 0x1ff;
  static final int POOLING_AVERAGE_INCLUDE_PADDING = 0x2ff;
  static final int BINARY_ADD = 0x1fff0;
  static final int BINARY_MULTIPLY = 0x1fff1;
  static final int RESAMPLING_NEAREST = 0x2fff0;

  // Flags of normalization.
  static final int USE_GLOBAL_STATISTICS = 1;
  static final int USE_SCALE = 2;
  static final int USE_SHIFT = 4;

  static final int QUERY_KIND = 2;
  static final int QUERY_IMPLEMENTATION = 8;
  static final int QUERY_PASS = 11;
  static final int QUERY_ARGUMENT = 255;

  // Arguments of primitives.
  public static final int SOURCE = 1;
  public static final int SOURCE_1 = 2;
  public static final int DESTINATION = 17;
  public static final int WEIGHTS = 33;
  public static final int BIAS = 41;
  public static final int MEAN = 49;
  public static final int VARIANCE = 50;
  public static final int SCALE = 51;
  public static final int SHIFT = 52;
  public static final int WORKSPACE = 64;
  public static final int SCRATCHPAD = 80;
  public static final int DIFF_SOURCE = 129;
  public static final int DIFF_DESTINATION = 145;
  public static final int DIFF_WEIGHTS = 161;
  public static final int DIFF_BIAS = 169;
  public static final int DIFF_SCALE = 255;
  public static final int DIFF_SHIFT = 256;

  // Instruction sets: a set contains another if it has all its bits.
  public static final int ISA_AVX512 = 0x27;
  public static final int ISA_AVX512_BF16 = 0xe7;
  public static final int ISA_AMX = 0xfef;

  private static final String[] STATUS = {
    "success",
    "out of memory",
    "invalid arguments",
    "unimplemented",
    "last implementation reached",
    "runtime error",
    "not required"
  };

  private Dnnl() {}

  /**
   * @param status what a function returned
   * @param work what it should have done, for the message
   */
  public static void check(int status, String work) {
    if (status != 0) {
      String reason = status < STATUS.length ? STATUS[status] : "status " + status;
      throw new DeviceException("oneDNN cannot " + work + ": " + reason);
    }
  }

  static native void omp_set_num_threads(int threads);

  public static native int omp_get_max_threads();

  public static native int dnnl_get_effective_cpu_isa();

  public static native int dnnl_engine_create(long[] engine, int kind, long index);

  public static native int dnnl_engine_destroy(long engine);

  static native int dnnl_stream_create(long[] stream, long engine, int flags);

  static native int dnnl_stream_destroy(long stream);

  static native int dnnl_memory_desc_create_with_tag(
      long[] description, int dimensions, long[] sizes, int type, int tag);

  static native int dnnl_memory_desc_destroy(long description);

  static native int dnnl_memory_desc_equal(long left, long right);

  static native long dnnl_memory_desc_get_size(long description);

  static native int dnnl_memory_create(long[] memory, long description, long engine, long address);

  static native int dnnl_memory_set_data_handle(long memory, long address);

  static native int dnnl_memory_destroy(long memory);

  static native int dnnl_primitive_attr_create(long[] attributes);

  static native int dnnl_primitive_attr_destroy(long attributes);

  static native int dnnl_primitive_attr_set_scratchpad_mode(long attributes, int mode);

  static native int dnnl_primitive_attr_set_post_ops(long attributes, long operations);

  static native int dnnl_post_ops_create(long[] operations);

  static native int dnnl_post_ops_destroy(long operations);

  static native int dnnl_post_ops_append_eltwise(
      long operations, int algorithm, float alpha, float beta);

  static native int dnnl_primitive_desc_query(long description, int what, int index, long[] result);

  static native int dnnl_primitive_desc_destroy(long description);

  static native int dnnl_primitive_create(long[] primitive, long description);

  static native int dnnl_primitive_execute(
      long primitive, long stream, int arguments, long addressOfArguments);

  static native int dnnl_primitive_destroy(long primitive);

  public static native int dnnl_sgemm(
      byte transposeLeft,
      byte transposeRight,
      long rows,
      long columns,
      long depth,
      float alpha,
      long left,
      long leftStride,
      long right,
      long rightStride,
      float beta,
      long out,
      long outStride);
}
