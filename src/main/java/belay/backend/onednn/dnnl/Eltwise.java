package belay.backend.onednn.dnnl;

/**
 * A function of one value, as oneDNN knows it.
 *
 * @param name for people
 * @param algorithm of dnnl_alg_kind_t
 * @param alpha its parameter
 * @param data argument that the gradient wants, x or y
 */
public record Eltwise(String name, int algorithm, float alpha, int data) {
  /** max(0, x). */
  public static final Eltwise RELU =
      new Eltwise("relu", Dnnl.RELU_FROM_OUTPUT, 0, Dnnl.DESTINATION);

  /** x (1 + erf(x / sqrt(2))) / 2. */
  public static final Eltwise GELU = new Eltwise("gelu", Dnnl.GELU_ERF, 0, Dnnl.SOURCE);

  /** x / (1 + exp(-x)). */
  public static final Eltwise SILU = new Eltwise("silu", Dnnl.SWISH, 1, Dnnl.SOURCE);

  /** x where x > 0, else slope x. */
  public static Eltwise leakyRelu(float slope) {
    return new Eltwise("leaky-relu", Dnnl.RELU, slope, Dnnl.SOURCE);
  }
}
