import belay.backend.DecisionFunctions;
import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.KernelFunction;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.Precision;
import belay.backend.Standardization;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.features.FeatureFile;
import belay.features.LabelledFeatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Where the time of a support vector machine goes on the GPU: {@code SvmBench features.h5 TIER
 * PRECISION C REPETITIONS MEMORY-BYTES...} prints milliseconds for each part, iterations, support
 * vectors and test accuracy. The classes must be 0 .. k - 1.
 */
public final class SvmBench {
  private static final SvmProgress NO_MATTER = (solved, problems, iterations) -> {};
  private static long last;

  private SvmBench() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    Precision precision = Precision.valueOf(args[2].toUpperCase(Locale.ROOT));
    double c = Double.parseDouble(args[3]);
    last = System.nanoTime();
    try (FeatureFile file = FeatureFile.open(Path.of(args[0]));
        CudaBackend device = new CudaBackend(new CudaSettings(0, args[1], Precision.FP32))) {
      System.out.println(device.describe());
      LabelledFeatures train = file.train();
      LabelledFeatures test = file.test();
      lap("read the file");
      for (int r = 0; r < Integer.parseInt(args[4]); r++) {
        for (int i = 5; i < args.length; i++) {
          long memory = Long.parseLong(args[i]);
          System.out.println("-- " + args[2] + ", memory " + memory);
          once(device, train, test, precision, c, memory);
        }
      }
    }
  }

  private static void once(
      CudaBackend device,
      LabelledFeatures train,
      LabelledFeatures test,
      Precision precision,
      double c,
      long memory) {
    int d = train.features().columns();
    int k = Arrays.stream(train.labels()).max().orElseThrow() + 1;
    int[] sizes = new int[k];
    Arrays.stream(train.labels()).forEach(label -> sizes[label]++);
    int[] next = new int[k];
    for (int a = 1; a < k; a++) {
      next[a] = next[a - 1] + sizes[a - 1];
    }
    int[] places = Arrays.stream(train.labels()).map(label -> next[label]++).toArray();
    SvmLayout layout = new SvmLayout(sizes, d, precision, memory);
    last = System.nanoTime();
    try (SvmPlan plan = device.compileSvm(layout).orElseThrow()) {
      lap("allocate");
      plan.put(train.features().values(), 0, places.length, places);
      lap("copy training samples");
      plan.flaw();
      lap("look for flaws");
      Standardization scaling = plan.standardize();
      KernelFunction kernel = new KernelFunction.Rbf(1 / (d * plan.variance()));
      lap("standardize, variance");
      plan.kernel(kernel);
      lap("norms");
      List<PairProblem> problems = new ArrayList<>();
      for (int a = 0; a < k; a++) {
        for (int b = a + 1; b < k; b++) {
          problems.add(new PairProblem(a, b, c));
        }
      }
      List<PairSolution> solutions = plan.solve(problems, 1e-3, NO_MATTER);
      lap("kernel values and solver");
      plan.solve(problems, 1e-3, NO_MATTER);
      lap("solver again, values kept");
      System.out.printf(
          "   iterations %d, longest %d, objectives %s%n",
          solutions.stream().mapToLong(PairSolution::iterations).sum(),
          solutions.stream().mapToLong(PairSolution::iterations).max().orElse(0),
          solutions.stream().limit(3).map(s -> "%.9g".formatted(s.objective())).toList());
      decide(plan, layout, problems, solutions, kernel, scaling, test, memory);
    }
  }

  private static void decide(
      SvmPlan plan,
      SvmLayout layout,
      List<PairProblem> problems,
      List<PairSolution> solutions,
      KernelFunction kernel,
      Standardization scaling,
      LabelledFeatures test,
      long memory) {
    int k = layout.classes();
    int n = layout.samples();
    double[] all = new double[(k - 1) * n];
    for (int p = 0; p < problems.size(); p++) {
      int a = problems.get(p).first();
      int b = problems.get(p).second();
      double[] pair = solutions.get(p).coefficients();
      int na = layout.classSizes()[a];
      System.arraycopy(pair, 0, all, (b - 1) * n + layout.start(a), na);
      System.arraycopy(pair, na, all, a * n + layout.start(b), pair.length - na);
    }
    int[] support =
        IntStream.range(0, n)
            .filter(i -> IntStream.range(0, k - 1).anyMatch(r -> all[r * n + i] != 0))
            .toArray();
    double[] coefficients = new double[(k - 1) * support.length];
    int[] counts = new int[k];
    for (int i = 0; i < support.length; i++) {
      for (int r = 0; r < k - 1; r++) {
        coefficients[r * support.length + i] = all[r * n + support[i]];
      }
      for (int a = 0; a < k; a++) {
        counts[a] += support[i] >= layout.start(a) && support[i] < layout.start(a + 1) ? 1 : 0;
      }
    }
    double[] rho = solutions.stream().mapToDouble(PairSolution::rho).toArray();
    int m = test.labels().length;
    DecisionSpec spec =
        new DecisionSpec(
            new DecisionFunctions(counts, coefficients, rho),
            kernel,
            scaling,
            layout.precision(),
            m,
            memory);
    lap("model");
    float[] rows = new float[support.length * layout.columns()];
    plan.rows(support, rows);
    lap("support vectors to the host");
    double[] out = new double[m * rho.length];
    try (DecisionPlan decisions = plan.compileDecisions(support, spec)) {
      lap("compile decisions");
      decisions.put(test.features().values(), 0, m, IntStream.range(0, m).toArray());
      lap("copy test samples");
      decisions.decide(m, out, NO_MATTER);
      lap("decide");
    }
    int right = 0;
    long hash = 0;
    for (int i = 0; i < m; i++) {
      int[] votes = new int[k];
      for (int p = 0; p < rho.length; p++) {
        PairProblem problem = problems.get(p);
        votes[out[i * rho.length + p] > 0 ? problem.first() : problem.second()]++;
      }
      int best = 0;
      for (int a = 1; a < k; a++) {
        best = votes[a] > votes[best] ? a : best;
      }
      right += best == test.labels()[i] ? 1 : 0;
      hash = hash * 31 + best;
    }
    System.out.printf(
        "   support vectors %d, accuracy %.2f %%, bits %08x, labels %08x%n",
        support.length, 100.0 * right / m, Arrays.hashCode(out), hash);
  }

  private static void lap(String what) {
    long now = System.nanoTime();
    System.out.printf("%9.1f ms  %s%n", (now - last) * 1e-6, what);
    last = now;
  }
}
