package belay.net;

import belay.random.Philox;

/** Distributions of the weights before training. Value i depends on the seed and on i alone. */
public enum Initializer {
  /** Kernels and biases uniform in +-1 / sqrt(fan_in): PyTorch's default for convolutions. */
  UNIFORM {
    @Override
    float kernel(Philox random, Fans fans, int index) {
      return symmetric(random, index) / (float) Math.sqrt(fans.in());
    }

    @Override
    float bias(Philox random, Fans fans, int index) {
      return kernel(random, fans, index);
    }
  },

  /**
   * Kernels normal with variance 2 / fan_in, biases 0: He et al. 2015, arXiv:1502.01852, eq. 10.
   */
  HE {
    @Override
    float kernel(Philox random, Fans fans, int index) {
      return random.normal(0, index) * (float) Math.sqrt(2.0 / fans.in());
    }
  },

  /** Kernels uniform in +-sqrt(6 / (fan_in + fan_out)), biases 0: Glorot, Bengio 2010, eq. 16. */
  XAVIER {
    @Override
    float kernel(Philox random, Fans fans, int index) {
      return symmetric(random, index) * (float) Math.sqrt(6.0 / (fans.in() + fans.out()));
    }
  };

  abstract float kernel(Philox random, Fans fans, int index);

  float bias(Philox random, Fans fans, int index) {
    return 0;
  }

  private float draw(Philox random, Parameter parameter, int index) {
    return switch (parameter.role()) {
      case KERNEL -> kernel(random, parameter.fans(), index);
      case BIAS -> bias(random, parameter.fans(), index);
      case SCALE -> 1;
      case SHIFT -> 0;
    };
  }

  /** The weights of a new network. */
  public float[] initialize(Network network, long seed) {
    Philox random = new Philox(seed, Philox.Purpose.WEIGHTS);
    float[] weights = network.untrainedWeights();
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
