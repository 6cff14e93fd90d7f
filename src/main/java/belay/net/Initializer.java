package belay.net;

import belay.random.Philox;

/**
 * Distributions of the weights before training. Value i depends on the seed and on i alone, unless
 * its parameter starts in another way.
 */
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
      start(parameter, weights);
    }
    return weights;
  }

  private static void start(Parameter parameter, float[] weights) {
    switch (parameter.start()) {
      case DRAWN, WHITEN -> {} // what is measured is drawn where there are no images
      case DIRAC -> pass(parameter, weights);
      case UNIT_DEVIATION -> divide(parameter, weights);
    }
  }

  /** Filter c passes on channel c. */
  private static void pass(Parameter kernel, float[] weights) {
    int inputs = kernel.shape().get(2);
    int outputs = kernel.shape().get(3);
    int centre = kernel.shape().get(0) / 2 * (kernel.shape().get(1) + 1);
    for (int c = 0; c < Math.min(inputs, outputs); c++) {
      for (int i = kernel.offset() + c; i < kernel.end(); i += outputs) {
        weights[i] = 0;
      }
      weights[kernel.offset() + (centre * inputs + c) * outputs + c] = 1;
    }
  }

  /** By the deviation as of a sample: its squares over one value less. */
  private static void divide(Parameter parameter, float[] weights) {
    double sum = 0;
    double squares = 0;
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      sum += weights[i];
      squares += (double) weights[i] * weights[i];
    }
    int count = parameter.size();
    double deviation = Math.sqrt((squares - sum * sum / count) / (count - 1));
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      weights[i] = (float) (weights[i] / deviation);
    }
  }

  private static float symmetric(Philox random, int index) {
    return 2 * random.uniform(0, index) - 1;
  }
}
