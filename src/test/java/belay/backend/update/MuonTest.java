package belay.backend.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Role;
import belay.net.TrainState;
import org.junit.jupiter.api.Test;

/** Muon against gradients whose singular values and vectors are known. */
class MuonTest {
  /** One kernel [2, 5] that is wide, one [45, 2] that is tall. */
  private static final Network NETWORK =
      BackendContract.network("input 4x4x2; conv 5 kernel=1; latent; conv 2");

  private static final float RATE = 0.01f;
  private static final float MOMENTUM = 0.9f;

  /** f32 gradients, the noise of whose small singular values grows 500 times. */
  private static final double TOLERANCE = 1e-5;

  private static final UpdateRule.Muon MUON =
      new UpdateRule.Muon(MOMENTUM, 0.9f, 0.99f, 1e-4f, UpdateRule.Decay.NONE);

  private final float[] start = new RandomInputs(1).gaussian(NETWORK.weightCount(), 0.5);
  private final float[] gradient = new RandomInputs(2).gaussian(NETWORK.parameterCount(), 0.3);

  private static float[] step(UpdateRule rule, float[] start, float[] gradient) {
    TrainSpec spec = new TrainSpec(8, 8, 1, rule, TrainSpec.Clipping.NONE, Precision.FP32);
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    update.apply(gradient.clone(), new StepScalars(RATE));
    return update.weights();
  }

  /** Columns of a reflection, which are orthogonal: I - 2 v v^T / |v|^2. */
  private static double[][] reflection(int size, int seed) {
    float[] v = new RandomInputs(seed).gaussian(size, 1);
    double squares = 0;
    for (float value : v) {
      squares += (double) value * value;
    }
    double[][] columns = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        columns[j][i] = (i == j ? 1 : 0) - 2 * v[i] * v[j] / squares;
      }
    }
    return columns;
  }

  /** The sum of values[k] u_k v_k^T, [rows, columns]. */
  private static double[] matrix(double[] values, double[][] u, double[][] v) {
    int columns = v.length;
    double[] matrix = new double[u.length * columns];
    for (int k = 0; k < values.length; k++) {
      for (int i = 0; i < u.length; i++) {
        for (int j = 0; j < columns; j++) {
          matrix[i * columns + j] += values[k] * u[k][i] * v[k][j];
        }
      }
    }
    return matrix;
  }

  /** What becomes of a singular value: three terms of a polynomial, five times. */
  private static double moved(double value) {
    double x = value;
    for (int step = 0; step < 5; step++) {
      x = 3.4445 * x - 4.7750 * Math.pow(x, 3) + 2.0315 * Math.pow(x, 5);
    }
    return x;
  }

  @Test
  void aKernelMovesAlongItsGradientsSingularVectorsByNearlyEqualLengths() {
    double[] values = {3, 0.5};
    double length = Math.hypot(3, 0.5);
    double[] equal = {moved(3 / length), moved(0.5 / length)};
    for (Parameter kernel : NETWORK.program().parameters()) {
      if (kernel.role() == Role.KERNEL) {
        int columns = kernel.shape().get(3);
        int rows = kernel.size() / columns;
        double[][] u = reflection(rows, 3);
        double[][] v = reflection(columns, 4);
        double[] known = matrix(values, u, v);
        for (int i = 0; i < known.length; i++) {
          gradient[kernel.offset() + i] = (float) known[i];
        }
        double[] direction = matrix(equal, u, v);
        double scale = 0.2 * Math.sqrt(Math.max(rows, columns));
        float[] after = step(MUON, start, gradient);
        for (int i = 0; i < direction.length; i++) {
          int at = kernel.offset() + i;
          assertEquals(start[at] - RATE * scale * direction[i], after[at], TOLERANCE);
        }
      }
    }
    assertTrue(Math.abs(equal[0] - equal[1]) < 0.5);
  }

  @Test
  void whatIsNoKernelFollowsAdamW() {
    UpdateRule.Decay decay = UpdateRule.Decay.of(0.1f);
    float[] muon = step(new UpdateRule.Muon(MOMENTUM, 0.9f, 0.99f, 1e-4f, decay), start, gradient);
    float[] adamW = step(new UpdateRule.Adam(0.9f, 0.99f, 1e-4f, decay, true), start, gradient);
    for (Parameter parameter : NETWORK.program().parameters()) {
      boolean isKernel = parameter.role() == Role.KERNEL;
      for (int i = parameter.offset(); i < parameter.end(); i++) {
        assertEquals(!isKernel, adamW[i] == muon[i], parameter.name());
      }
    }
  }

  @Test
  void decayIsBesideTheUpdate() {
    UpdateRule.Decay decay = UpdateRule.Decay.of(0.5f);
    float[] plain = step(MUON, start, gradient);
    float[] decayed =
        step(new UpdateRule.Muon(MOMENTUM, 0.9f, 0.99f, 1e-4f, decay), start, gradient);
    for (int i = 0; i < gradient.length; i++) {
      assertEquals(plain[i] - RATE * 0.5 * start[i], decayed[i], 1e-6);
    }
  }
}
