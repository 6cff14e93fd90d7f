package belay.backend.onednn.dnnl;

/** The functions of {@link Dnnl}'s library that describe primitives, one for each kind and pass. */
final class DnnlDescriptions {
  private DnnlDescriptions() {}

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

  static native int dnnl_inner_product_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      long source,
      long weights,
      long bias,
      long destination,
      long attributes);

  static native int dnnl_inner_product_backward_data_primitive_desc_create(
      long[] result,
      long engine,
      long diffSource,
      long weights,
      long diffDestination,
      long hint,
      long attributes);

  static native int dnnl_inner_product_backward_weights_primitive_desc_create(
      long[] result,
      long engine,
      long source,
      long diffWeights,
      long diffBias,
      long diffDestination,
      long hint,
      long attributes);

  static native int dnnl_batch_normalization_forward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      long source,
      long destination,
      float epsilon,
      int flags,
      long attributes);

  static native int dnnl_batch_normalization_backward_primitive_desc_create(
      long[] result,
      long engine,
      int kind,
      long diffSource,
      long diffDestination,
      long source,
      float epsilon,
      int flags,
      long hint,
      long attributes);
}
