package belay.net;

import belay.random.Philox;

/** Distributions of the weights before training. Value i depends on the seed and on i alone. */
public enum Initializer {
  /** Kernels and biases uniform in +-1 / sqrt(fan_in): PyTorch's default for convolutions. */
  UNIFORM {
    @Override
    float draw(Philox random, Parameter parameter, int index) {
      return symmetric(random, index) / (float) Math.sqrt(parameter.fanIn());
    }
  },

  /**
   * Kernels normal with variance 2 / fan_in, biases 0: He et al. 2015, arXiv:1502.01852, eq. 10.
   */
  HE {
    @Override
    float draw(Philox random, Parameter parameter, int index) {
      return parameter.isBias()
          ? 0
          : random.normal(0, index) * (float) Math.sqrt(2.0 / parameter.fanIn());
    }
  },

  /** Kernels uniform in +-sqrt(6 / (fan_in + fan_out)), biases 0: Glorot, Bengio 2010, eq. 16. */
  XAVIER {
    @Override
    float draw(Philox random, Parameter parameter, int index) {
      return parameter.isBias()
          ? 0
          : symmetric(random, index)
              * (float) Math.sqrt(6.0 / (parameter.fanIn() + parameter.fanOut()));
    }
  };

  abstract float draw(Philox random, Parameter parameter, int index);

  /** The parameter vector of a new network. */
  public float[] initialize(Network network, long seed) {
    Philox random = new Philox(seed, Philox.Purpose.WEIGHTS);
    float[] weights = new float[network.parameterCount()];
    for (Parameter parameter : network.program().parameters()) {
      int end = parameter.end();
      for (int i = parameter.offset(); i < end; i++) {
        weights[i] = draw(random, parameter, i);
      }
    }
    return weights;
  }

  private static float symmetric(Philox random, int index) {
    return 2 * random.uniform(0, index) - 1;
  }
}
