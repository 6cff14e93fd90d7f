package belay.net;

/** Activation functions other than ReLU; what each means is the reference backend's matter. */
public sealed interface Curve {
  <R> R accept(Cases<R> cases);

  /** An answer for each function. */
  interface Cases<R> {
    R gelu(Gelu gelu);

    R silu(Silu silu);

    R leakyRelu(LeakyRelu leaky);
  }

  /** x (1 + erf(x / sqrt(2))) / 2 (Hendrycks, Gimpel 2016, arXiv:1606.08415), not its tanh form. */
  record Gelu() implements Curve {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.gelu(this);
    }
  }

  /** x / (1 + exp(-x)) (Elfwing et al. 2017, arXiv:1702.03118). */
  record Silu() implements Curve {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.silu(this);
    }
  }

  /**
   * x where x > 0, else slope x; the derivative at 0 is the slope (Maas et al. 2013).
   *
   * @param slope in [0, 1)
   */
  record LeakyRelu(float slope) implements Curve {
    static final float USUAL_SLOPE = 0.01f;

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.leakyRelu(this);
    }
  }
}
