package belay.doctor;

import belay.backend.Backend;
import belay.backend.DecisionFunctions;
import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction.Rbf;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.Precision;
import belay.backend.Standardization;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Solves one problem of 300 random samples on a device and decides on these samples, against sums
 * in double.
 */
public final class SvmCheck {
  private static final int[] SIZES = {170, 130};
  private static final int SAMPLES = 300;
  private static final int FEATURES = 200;
  private static final double C = 2;
  private static final Rbf KERNEL = new Rbf(1.0 / FEATURES);
  private static final SvmProgress UNSEEN = (solved, problems, iterations) -> {};

  private SvmCheck() {}

  /** Empty if the device only computes kernel values, which its users check as they go. */
  public static List<OperationCheck> all(Backend device, Precision precision) {
    if (precision != Precision.FP32 && precision != Precision.TF32) {
      return List.of();
    }
    Optional<SvmPlan> compiled = device.compileSvm(new SvmLayout(SIZES, FEATURES, precision, 0));
    if (compiled.isEmpty()) {
      return List.of();
    }
    try (SvmPlan plan = compiled.get()) {
      int[] places = IntStream.range(0, SAMPLES).toArray();
      plan.put(samples(), 0, SAMPLES, places);
      plan.kernel(KERNEL);
      PairSolution solution = plan.solve(List.of(new PairProblem(0, 1, C)), 1e-6, UNSEEN).get(0);
      float[] rows = new float[SAMPLES * FEATURES];
      plan.rows(places, rows);
      float[] right = decisions(rows, solution);
      return List.of(
          OperationCheck.compare("svm solver (rbf)", precision, optimal(right, solution), right),
          OperationCheck.compare(
              "svm decisions (rbf)", precision, right, decided(device, rows, solution, precision)));
    }
  }

  /** Two overlapping clouds. */
  private static float[] samples() {
    float[] samples = new float[SAMPLES * FEATURES];
    Philox random = new Philox(1, Philox.Purpose.SYNTHETIC_IMAGES);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.normal(1, i) + (i < SIZES[0] * FEATURES ? 0.1f : -0.1f);
    }
    return samples;
  }

  private static float[] decisions(float[] rows, PairSolution solution) {
    float[] out = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      double sum = -solution.rho();
      for (int j = 0; j < SAMPLES; j++) {
        double distance = 0;
        for (int k = 0; k < FEATURES; k++) {
          double difference = (double) rows[i * FEATURES + k] - rows[j * FEATURES + k];
          distance += difference * difference;
        }
        sum += solution.coefficients()[j] * Math.exp(-KERNEL.gamma() * distance);
      }
      out[i] = (float) sum;
    }
    return out;
  }

  /** The decisions, moved to where the conditions of optimality want them. */
  private static float[] optimal(float[] decisions, PairSolution solution) {
    float[] out = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      float label = i < SIZES[0] ? 1 : -1;
      double alpha = label * solution.coefficients()[i];
      float margin = label * decisions[i];
      float wanted = alpha == 0 ? Math.max(1, margin) : alpha == C ? Math.min(1, margin) : 1;
      out[i] = label * wanted;
    }
    return out;
  }

  private static float[] decided(
      Backend device, float[] rows, PairSolution solution, Precision precision) {
    double[] ones = new double[FEATURES];
    Arrays.fill(ones, 1);
    DecisionSpec spec =
        new DecisionSpec(
            new DecisionFunctions(SIZES, solution.coefficients(), new double[] {solution.rho()}),
            KERNEL,
            new Standardization(new double[FEATURES], ones),
            precision,
            SAMPLES,
            0);
    FloatMatrix support = new FloatMatrix(SAMPLES, FEATURES, rows);
    double[] out = new double[SAMPLES];
    try (DecisionPlan plan = device.compileDecisions(support, spec).orElseThrow()) {
      plan.put(rows, 0, SAMPLES, IntStream.range(0, SAMPLES).toArray());
      plan.decide(SAMPLES, out, UNSEEN);
    }
    float[] rounded = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      rounded[i] = (float) out[i];
    }
    return rounded;
  }
}
