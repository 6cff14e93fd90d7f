package belay.backend.onednn;

import belay.error.DeviceException;

/**
 * The part of oneDNN's C interface (oneAPI Deep Neural Network Library 3.11, dnnl.h) that the
 * backend uses, mapped by JNA. Handles are addresses; out-parameters are arrays of length one.
 */
final class Dnnl {
  static final int CPU = 1;
  static final int DEFAULT_STREAM = 1;
  static final int USER_SCRATCHPAD = 1;

  static final int BF16 = 2;
  static final int F32 = 3;

  // Format tags: a logical tensor is always N, C, H, W or O, I, H, W.
  static final int ANY = 1;
  static final int A = 2;
  static final int NHWC = 22;
  static final int HWIO = 28;
  static final int NCHW16C = 78;
  static final int NCHW8C = 102;

  static final int FORWARD_TRAINING = 64;
  static final int FORWARD_INFERENCE = 96;

  static final int CONVOLUTION_DIRECT = 0x1;
  static final int DECONVOLUTION_DIRECT = 0xa;
  static final int RELU = 0x20;
  static final int RELU_FROM_OUTPUT = 0x100;
  static final int POOLING_MAX = 0x1ff;
  static final int BINARY_ADD = 0x1fff0;
  static final int RESAMPLING_NEAREST = 0x2fff0;

  static final int QUERY_KIND = 2;
  static final int QUERY_IMPLEMENTATION = 8;
  static final int QUERY_PASS = 11;
  static final int QUERY_ARGUMENT = 255;

  // Arguments of primitives.
  static final int SOURCE = 1;
  static final int SOURCE_1 = 2;
  static final int DESTINATION = 17;
  static final int WEIGHTS = 33;
  static final int BIAS = 41;
  static final int WORKSPACE = 64;
  static final int SCRATCHPAD = 80;
  static final int DIFF_SOURCE = 129;
  static final int DIFF_DESTINATION = 145;
  static final int DIFF_WEIGHTS = 161;
  static final int DIFF_BIAS = 169;

  // Instruction sets: a set contains another if it has all its bits.
  static final int ISA_AVX512 = 0x27;
  static final int ISA_AVX512_BF16 = 0xe7;
  static final int ISA_AMX = 0xfef;

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
  static void check(int status, String work) {
    if (status != 0) {
      String reason = status < STATUS.length ? STATUS[status] : "status " + status;
      throw new DeviceException("oneDNN cannot " + work + ": " + reason);
    }
  }

  static native void omp_set_num_threads(int threads);

  static native int omp_get_max_threads();

  static native int dnnl_get_effective_cpu_isa();

  static native int dnnl_engine_create(long[] engine, int kind, long index);

  static native int dnnl_engine_destroy(long engine);

  static native int dnnl_stream_create(long[] stream, long engine, int flags);

  static native int dnnl_stream_destroy(long stream);

  static native int dnnl_memory_desc_create_with_tag(
      long[] description, int dimensions, long[] sizes, int type, int tag);

  static native int dnnl_memory_desc_destroy(long description);

  static native int dnnl_memory_desc_equal(long left, long right);

  static native long dnnl_memory_desc_get_size(long description);

  static native int dnnl_memory_create(long[] memory, long description, long engine, long address);

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

  static native int dnnl_reorder_primitive_desc_create(
      long[] result, long from, long fromEngine, long to, long toEngine, long attributes);

  static native int dnnl_binary_primitive_desc_create(
      long[] result, long engine, int algorithm, long left, long right, long sum, long attributes);

  static native int dnnl_eltwise_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      int algorithm,
      long source,
      long destination,
      float alpha,
      float beta,
      long attributes);

  static native int dnnl_eltwise_backward_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      long diffSource,
      long diffDestination,
      long data,
      float alpha,
      float beta,
      long hint,
      long attributes);

  static native int dnnl_convolution_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      int algorithm,
      long source,
      long weights,
      long bias,
      long destination,
      long[] strides,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long attributes);

  static native int dnnl_convolution_backward_data_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      long diffSource,
      long weights,
      long diffDestination,
      long[] strides,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long hint,
      long attributes);

  static native int dnnl_convolution_backward_weights_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      long source,
      long diffWeights,
      long diffBias,
      long diffDestination,
      long[] strides,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long hint,
      long attributes);

  static native int dnnl_deconvolution_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      int algorithm,
      long source,
      long weights,
      long bias,
      long destination,
      long[] strides,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long attributes);

  static native int dnnl_deconvolution_backward_data_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      long diffSource,
      long weights,
      long diffDestination,
      long[] strides,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long hint,
      long attributes);

  static native int dnnl_deconvolution_backward_weights_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      long source,
      long diffWeights,
      long diffBias,
      long diffDestination,
      long[] strides,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long hint,
      long attributes);

  static native int dnnl_pooling_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      int algorithm,
      long source,
      long destination,
      long[] strides,
      long[] kernel,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long attributes);

  static native int dnnl_pooling_backward_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      long diffSource,
      long diffDestination,
      long[] strides,
      long[] kernel,
      long[] dilations,
      long[] paddingBefore,
      long[] paddingAfter,
      long hint,
      long attributes);

  static native int dnnl_resampling_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      int algorithm,
      float[] factors,
      long source,
      long destination,
      long attributes);

  static native int dnnl_resampling_backward_primitive_desc_create(
      long[] result,
      long engine,
      int algorithm,
      float[] factors,
      long diffSource,
      long diffDestination,
      long hint,
      long attributes);

  static native int dnnl_sgemm(
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
