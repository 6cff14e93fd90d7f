package belay.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.KernelFunction.Linear;
import belay.backend.KernelFunction.Rbf;
import belay.error.DeviceException;
import belay.error.StoppedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend's support vector machines must fulfil, against plain sums in double. */
public abstract class SvmContract {
  private static final double TOLERANCE = 1e-3;
  private static final SvmProgress NO_MATTER = (solved, problems, iterations) -> {};

  protected abstract Backend backend();

  protected abstract Precision precision();

  /** Error of an RBF value: rounding of fp32, or of sums that tensor cores cut off. */
  private double valueError() {
    return precision() == Precision.FP32 ? 1e-5 : 1e-4;
  }

  /** Samples of some classes, sorted by class, a little apart. */
  private record Set(int[] sizes, int columns, float[] rows) {
    static Set random(int columns, int... sizes) {
      RandomInputs random = new RandomInputs(columns);
      float[] rows = random.gaussian(Arrays.stream(sizes).sum() * columns, 1);
      int at = 0;
      for (int c = 0; c < sizes.length; c++) {
        float[] centre = random.gaussian(columns, 0.6);
        for (int i = 0; i < sizes[c] * columns; i++) {
          rows[at++] += centre[i % columns];
        }
      }
      return new Set(sizes, columns, rows);
    }

    int count() {
      return rows.length / columns;
    }

    SvmLayout layout(Precision precision, long memory) {
      return new SvmLayout(sizes, columns, precision, memory);
    }
  }

  /** Puts the rows in a shuffled order, the second half from a buffer. */
  private SvmPlan open(Set set, long memory) {
    SvmPlan plan = backend().compileSvm(set.layout(precision(), memory)).orElseThrow();
    List<Integer> order = new ArrayList<>(IntStream.range(0, set.count()).boxed().toList());
    java.util.Collections.shuffle(order, new Random(1));
    int[] places = order.stream().mapToInt(i -> i).toArray();
    float[] rows = new float[set.rows.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(set.rows, places[i] * set.columns, rows, i * set.columns, set.columns);
    }
    int half = places.length / 2;
    plan.put(rows, 0, half, places);
    ByteBuffer rest =
        ByteBuffer.allocateDirect(4 * (rows.length - half * set.columns))
            .order(ByteOrder.LITTLE_ENDIAN);
    rest.asFloatBuffer().put(rows, half * set.columns, rows.length - half * set.columns);
    plan.put(rest, places.length - half, Arrays.copyOfRange(places, half, places.length));
    return plan;
  }

  private static float[] rows(SvmPlan plan, Set set) {
    float[] rows = new float[set.rows.length];
    plan.rows(IntStream.range(0, set.count()).toArray(), rows);
    return rows;
  }

  private static double value(KernelFunction kernel, float[] x, int i, float[] z, int j, int d) {
    double dot = 0;
    double distance = 0;
    for (int k = 0; k < d; k++) {
      double a = x[i * d + k];
      double b = z[j * d + k];
      dot += a * b;
      distance += (a - b) * (a - b);
    }
    return kernel instanceof Rbf rbf ? Math.exp(-rbf.gamma() * distance) : dot;
  }

  private static List<PairProblem> allPairs(int classes, double c) {
    List<PairProblem> problems = new ArrayList<>();
    for (int a = 0; a < classes; a++) {
      for (int b = a + 1; b < classes; b++) {
        problems.add(new PairProblem(a, b, c));
      }
    }
    return problems;
  }

  /** Checks the conditions of optimality on a solution, and what it says of itself. */
  private void assertOptimal(
      Set set, float[] rows, KernelFunction kernel, PairProblem problem, PairSolution solution) {
    SvmLayout layout = set.layout(precision(), 0);
    int na = set.sizes[problem.first()];
    int n = na + set.sizes[problem.second()];
    double[] b = solution.coefficients();
    assertEquals(n, b.length);
    assertTrue(solution.converged());
    assertEquals(0, Arrays.stream(b).sum(), 1e-9 * n);
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    double objective = 0;
    double scale = 0;
    for (int i = 0; i < n; i++) {
      int place = place(layout, problem, na, i);
      double label = i < na ? 1 : -1;
      double f = label;
      for (int j = 0; j < n; j++) {
        if (b[j] != 0) {
          f -= b[j] * value(kernel, rows, place, rows, place(layout, problem, na, j), set.columns);
        }
      }
      objective -= b[i] * (f + label) / 2;
      scale += Math.abs(b[i]);
      double lowest = i < na ? 0 : -problem.secondBound();
      double highest = i < na ? problem.firstBound() : 0;
      assertTrue(b[i] >= lowest && b[i] <= highest);
      if (problem.leftOut().get(place)) {
        assertEquals(0, b[i]);
        continue;
      }
      most = b[i] < highest ? Math.max(most, f) : most;
      least = b[i] > lowest ? Math.min(least, f) : least;
    }
    double error = valueError() * (kernel instanceof Rbf ? 1 : 30) * Math.max(1, scale);
    assertTrue(most - least <= TOLERANCE + error, () -> "not optimal");
    assertEquals(objective, solution.objective(), error * Math.max(1, scale));
    assertTrue(-solution.rho() <= most + TOLERANCE + error);
    assertTrue(-solution.rho() >= least - TOLERANCE - error);
  }

  private static int place(SvmLayout layout, PairProblem problem, int na, int i) {
    return i < na ? layout.start(problem.first()) + i : layout.start(problem.second()) + i - na;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 5, 3", "40, 33, 32", "129, 260, 70"})
  void solutionsAreOptimal(int n, int m, int columns) {
    Set set = Set.random(columns, n, m, 3);
    for (KernelFunction kernel : List.of(new Rbf(0.5 / columns), new Linear())) {
      try (SvmPlan plan = open(set, 0)) {
        assertTrue(plan.flaw().isEmpty());
        plan.kernel(kernel);
        List<PairProblem> problems = allPairs(3, 10.0 / columns);
        List<PairSolution> solutions = plan.solve(problems, TOLERANCE, NO_MATTER);
        for (int p = 0; p < problems.size(); p++) {
          assertOptimal(set, rows(plan, set), kernel, problems.get(p), solutions.get(p));
        }
      }
    }
  }

  @Test
  void boundsDifferByClassAndSamplesMayBeLeftOut() {
    Set set = Set.random(20, 90, 50, 70);
    BitSet leftOut = new BitSet();
    for (int i = 0; i < set.count(); i += 3) {
      leftOut.set(i);
    }
    KernelFunction kernel = new Rbf(0.03);
    try (SvmPlan plan = open(set, 0)) {
      plan.kernel(kernel);
      List<PairProblem> problems =
          List.of(
              new PairProblem(2, 0, 5, 1, leftOut),
              new PairProblem(0, 1, 0.5, 20, new BitSet()),
              new PairProblem(0, 2, 3),
              new PairProblem(1, 2, 2, 2, leftOut));
      List<PairSolution> solutions = plan.solve(problems, TOLERANCE, NO_MATTER);
      for (int p = 0; p < problems.size(); p++) {
        assertOptimal(set, rows(plan, set), kernel, problems.get(p), solutions.get(p));
      }
    }
  }

  @Test
  void aSampleAndItsCopyAreExactlyAlike() {
    Set set = Set.random(1000, 40, 40);
    System.arraycopy(set.rows, 0, set.rows, set.rows.length / 2, set.rows.length / 2);
    double c = 1e6;
    try (SvmPlan plan = open(set, 0)) {
      plan.kernel(new Rbf(1e-3));
      PairSolution solution =
          plan.solve(List.of(new PairProblem(0, 1, c)), TOLERANCE, NO_MATTER).get(0);
      // Every alpha at C. A value one bit from 1 would change the objective by C^2 2^-24 and more.
      assertEquals(-c * 80, solution.objective());
    }
  }

  @Test
  void memoryChangesNoBit() {
    Set set = Set.random(50, 300, 10, 200, 280, 1, 150);
    List<PairProblem> problems = allPairs(6, 4);
    List<PairSolution> roomy = solve(set, 0, problems);
    long least = leastMemory(set);
    assertSame(roomy, solve(set, least, problems));
    assertSame(roomy, solve(set, least * 3 / 2, problems));
    assertSame(roomy.subList(7, 8), solve(set, 0, problems.subList(7, 8)));
  }

  private List<PairSolution> solve(Set set, long memory, List<PairProblem> problems) {
    try (SvmPlan plan = open(set, memory)) {
      plan.kernel(new Rbf(0.01));
      return plan.solve(problems, TOLERANCE, NO_MATTER);
    }
  }

  private static void assertSame(List<PairSolution> expected, List<PairSolution> actual) {
    for (int p = 0; p < expected.size(); p++) {
      assertArrayEquals(expected.get(p).coefficients(), actual.get(p).coefficients());
      assertEquals(expected.get(p).rho(), actual.get(p).rho());
      assertEquals(expected.get(p).iterations(), actual.get(p).iterations());
    }
  }

  /** By bisection of what the backend refuses. */
  private long leastMemory(Set set) {
    long low = 1;
    long high = 1L << 32;
    while (high - low > 1024) {
      long middle = (low + high) / 2;
      try {
        backend().compileSvm(set.layout(precision(), middle)).orElseThrow().close();
        high = middle;
      } catch (DeviceException e) {
        assertTrue(e.getMessage().contains("svm.memory-mib = "), e::getMessage);
        low = middle;
      }
    }
    return high;
  }

  @Test
  void aProblemLargerThanRegistersIsSolvedAlike() {
    Set set = Set.random(4, 6000, 5000);
    try (SvmPlan plan = open(set, 0)) {
      plan.kernel(new Rbf(0.2));
      PairProblem problem = new PairProblem(0, 1, 1);
      PairSolution solution = plan.solve(List.of(problem), TOLERANCE, NO_MATTER).get(0);
      assertOptimal(set, rows(plan, set), new Rbf(0.2), problem, solution);
    }
  }

  @Test
  void manyClassesOfFewSamples() {
    int[] sizes = new int[60];
    Arrays.setAll(sizes, c -> 1 + c % 4);
    Set set = Set.random(12, sizes);
    try (SvmPlan plan = open(set, 0)) {
      plan.kernel(new Rbf(0.05));
      List<PairProblem> problems = allPairs(60, 1);
      List<PairSolution> solutions = plan.solve(problems, TOLERANCE, NO_MATTER);
      float[] rows = rows(plan, set);
      for (int p = 0; p < problems.size(); p += 97) {
        assertOptimal(set, rows, new Rbf(0.05), problems.get(p), solutions.get(p));
      }
    }
  }

  @Test
  void standardizedColumnsHaveMeanZeroAndDeviationOne() {
    Set set = Set.random(45, 200, 400, 33);
    for (int i = 0; i < set.count(); i++) {
      set.rows[i * 45 + 7] = 0.1f; // never changes
      set.rows[i * 45 + 8] *= 1000;
    }
    try (SvmPlan plan = open(set, 0)) {
      Standardization scaling = plan.standardize();
      assertEquals(1, scaling.deviation()[7]);
      float[] rows = rows(plan, set);
      for (int k = 0; k < 45; k++) {
        double mean = scaling.mean()[k];
        double deviation = scaling.deviation()[k];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < set.count(); i++) {
          float scaled = rows[i * 45 + k];
          assertEquals((float) ((set.rows[i * 45 + k] - mean) / deviation), scaled);
          sum += scaled;
          squares += (double) scaled * scaled;
        }
        assertEquals(0, sum / set.count(), 1e-6);
        assertEquals(k == 7 ? 0 : 1, squares / set.count(), 1e-6);
      }
      assertEquals(44 / 45.0, plan.variance(), 1e-6);
    }
  }

  @Test
  void namesTheFirstSampleThatCannotBeUsed() {
    Set set = Set.random(10, 20, 20);
    Arrays.fill(set.rows, 30, 40, 1e19f); // sample 3: too long for single precision
    try (SvmPlan plan = open(set, 0)) {
      SampleFlaw flaw = plan.flaw().orElseThrow();
      assertEquals(3, flaw.place());
      assertEquals(-1, flaw.column());
    }
    set.rows[25 * 10 + 4] = Float.NEGATIVE_INFINITY;
    set.rows[25 * 10 + 6] = Float.NaN;
    try (SvmPlan plan = open(set, 0)) {
      assertEquals(new SampleFlaw(25, 4, Double.NEGATIVE_INFINITY), plan.flaw().orElseThrow());
    }
  }

  @Test
  void stoppingLeavesThePlanAsItWas() {
    Set set = Set.random(30, 100, 100, 100);
    List<PairProblem> problems = allPairs(3, 10);
    List<PairSolution> expected = solve(set, 0, problems);
    try (SvmPlan plan = open(set, 0)) {
      plan.kernel(new Rbf(0.01));
      assertThrows(
          StoppedException.class,
          () ->
              plan.solve(
                  problems,
                  TOLERANCE,
                  (solved, all, iterations) -> {
                    throw new StoppedException("");
                  }));
      assertSame(expected, plan.solve(problems, TOLERANCE, NO_MATTER));
    }
  }

  @Test
  void everyProblemIsToldOnceItIsSolvedAndSolvesAlikeWithoutTheOthers() {
    Set set = Set.random(30, 100, 120, 80, 90);
    List<PairProblem> problems = allPairs(4, 10);
    List<PairSolution> expected = solve(set, 0, problems);
    try (SvmPlan plan = open(set, 0)) {
      plan.kernel(new Rbf(0.01));
      Map<Integer, PairSolution> told = new ConcurrentHashMap<>();
      List<PairSolution> rest =
          plan.solve(
              problems.subList(2, problems.size()),
              TOLERANCE,
              new SvmProgress() {
                @Override
                public void report(int solved, int all, long iterations) {}

                @Override
                public void solved(int problem, PairSolution solution) {
                  assertNull(told.put(problem, solution));
                }
              });
      assertSame(expected.subList(2, problems.size()), rest);
      for (int p = 0; p < rest.size(); p++) {
        assertEquals(rest.get(p), told.get(p)); // the very same object
      }
      assertEquals(rest.size(), told.size());
    }
  }

  /** Random functions of k classes over some samples, a third of which are no support vectors. */
  private static DecisionFunctions functions(int[] counts, long salt) {
    Random random = new Random(salt);
    int k = counts.length;
    double[] coefficients = new double[(k - 1) * Arrays.stream(counts).sum()];
    Arrays.setAll(coefficients, i -> random.nextInt(3) == 0 ? 0 : random.nextGaussian());
    double[] rho = random.doubles(k * (k - 1) / 2).toArray();
    return new DecisionFunctions(counts, coefficients, rho);
  }

  private static double[] expected(
      DecisionFunctions functions, float[] support, float[] x, int i, int d, Rbf kernel) {
    int k = functions.counts().length;
    int s = support.length / d;
    double[] values =
        IntStream.range(0, s).mapToDouble(j -> value(kernel, x, i, support, j, d)).toArray();
    int[] starts = new int[k + 1];
    System.arraycopy(functions.counts(), 0, starts, 1, k);
    Arrays.parallelPrefix(starts, Integer::sum);
    double[] out = new double[functions.rho().length];
    int p = 0;
    for (int a = 0; a < k; a++) {
      for (int b = a + 1; b < k; b++) {
        double sum = -functions.rho()[p];
        for (int j = starts[a]; j < starts[a + 1]; j++) {
          sum += functions.coefficients()[(b - 1) * s + j] * values[j];
        }
        for (int j = starts[b]; j < starts[b + 1]; j++) {
          sum += functions.coefficients()[a * s + j] * values[j];
        }
        out[p++] = sum;
      }
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 12})
  void decisionsAreSumsOfKernelValues(int classes) {
    int d = 37;
    int[] counts = IntStream.range(0, classes).map(c -> c == 1 ? 0 : 5 + 20 * c).toArray();
    DecisionFunctions functions = functions(counts, classes);
    FloatMatrix support = new RandomInputs(3).matrix(Arrays.stream(counts).sum(), d);
    FloatMatrix samples = new RandomInputs(4).matrix(301, d);
    Rbf kernel = new Rbf(0.02);
    double[] mean = new double[d];
    double[] deviation = new double[d];
    Arrays.fill(mean, 0.25);
    Arrays.fill(deviation, 2);
    DecisionSpec spec =
        new DecisionSpec(
            functions, kernel, new Standardization(mean, deviation), precision(), 301, 0);
    double[] out = new double[301 * functions.rho().length];
    double[] again = new double[5 * functions.rho().length];
    try (DecisionPlan plan = backend().compileDecisions(support, spec).orElseThrow()) {
      plan.put(samples.values(), 0, 301, IntStream.range(0, 301).toArray());
      assertTrue(plan.decide(301, out, NO_MATTER).isEmpty());
      plan.put(samples.values(), 200, 5, IntStream.range(0, 5).toArray());
      assertTrue(plan.decide(5, again, NO_MATTER).isEmpty());
    }
    float[] scaled = new float[301 * d];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) ((samples.values()[i] - 0.25) / 2);
    }
    int problems = functions.rho().length;
    for (int i = 0; i < 301; i += 20) {
      double[] right = expected(functions, support.values(), scaled, i, d, kernel);
      // tf32: samples are rounded to 10 bits, which moves an RBF value by up to 1e-3.
      double error = (precision() == Precision.FP32 ? 1e-5 : 1e-3) * support.rows();
      assertArrayEquals(right, Arrays.copyOfRange(out, i * problems, (i + 1) * problems), error);
    }
    assertArrayEquals(Arrays.copyOfRange(out, 200 * problems, 205 * problems), again);
  }

  @Test
  void samplesOfThePlanAreDecidedOnAsNewOnesAre() {
    Set set = Set.random(64, 100, 80, 60);
    Rbf kernel = new Rbf(0.01);
    List<DecisionFunctions> functions = List.of(functions(set.sizes, 1), functions(set.sizes, 2));
    int[] places = {3, 239, 100, 4, 5, 17};
    try (SvmPlan plan = open(set, 0)) {
      plan.standardize();
      plan.kernel(kernel);
      List<double[]> out = plan.decisions(places, functions, NO_MATTER);
      float[] rows = rows(plan, set);
      for (int f = 0; f < 2; f++) {
        for (int i = 0; i < places.length; i++) {
          double[] right = expected(functions.get(f), rows, rows, places[i], 64, kernel);
          assertArrayEquals(
              right, Arrays.copyOfRange(out.get(f), 3 * i, 3 * i + 3), valueError() * 240);
        }
      }
      double[] ones = new double[64];
      Arrays.fill(ones, 1);
      DecisionSpec spec =
          new DecisionSpec(
              functions.get(1),
              kernel,
              new Standardization(new double[64], ones),
              precision(),
              6,
              0);
      try (DecisionPlan decisions =
          plan.compileDecisions(IntStream.range(0, 240).toArray(), spec)) {
        float[] some = new float[6 * 64];
        plan.rows(places, some);
        decisions.put(some, 0, 6, IntStream.range(0, 6).toArray());
        double[] same = new double[18];
        decisions.decide(6, same, NO_MATTER);
        assertArrayEquals(out.get(1), same);
      }
    }
  }

  @Test
  void theLeastMemoryIsEnoughForDecisionsAndChangesNoBitOfThem() {
    int[] sizes = new int[20];
    Arrays.fill(sizes, 30);
    Set set = Set.random(64, sizes);
    int[] places = IntStream.range(0, 600).toArray();
    double[] roomy = decisions(set, 0, places, 600);
    assertArrayEquals(roomy, decisions(set, leastMemory(set), places, 64));
  }

  /** By the plan itself; those by a classifier of all samples are compared with them. */
  private double[] decisions(Set set, long memory, int[] places, int least) {
    DecisionFunctions functions = functions(set.sizes, 1);
    double[] ones = new double[64];
    Arrays.fill(ones, 1);
    Standardization none = new Standardization(new double[64], ones);
    Rbf kernel = new Rbf(0.01);
    DecisionSpec spec =
        new DecisionSpec(functions, kernel, none, precision(), places.length, memory);
    try (SvmPlan plan = open(set, memory)) {
      plan.kernel(kernel);
      plan.solve(allPairs(set.sizes.length, 1), TOLERANCE, NO_MATTER);
      double[] out = plan.decisions(places, List.of(functions), NO_MATTER).get(0);
      float[] rows = rows(plan, set);
      try (DecisionPlan classifier = plan.compileDecisions(places, spec)) {
        int batch = classifier.capacity();
        assertTrue(batch >= least && (batch < places.length) == (memory > 0), batch + " rows");
        for (int first = 0; first < places.length; first += batch) {
          int count = Math.min(batch, places.length - first);
          classifier.put(rows, first, count, places);
          double[] some = new double[count * functions.rho().length];
          classifier.decide(count, some, NO_MATTER);
          int from = first * functions.rho().length;
          assertArrayEquals(Arrays.copyOfRange(out, from, from + some.length), some);
        }
      }
      return out;
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheLeastThatDoes() {
    Set set = Set.random(100, 500, 500);
    DeviceException problem =
        assertThrows(
            DeviceException.class, () -> backend().compileSvm(set.layout(precision(), 1 << 20)));
    assertEquals(1, problem.getMessage().lines().count());
    String message = problem.getMessage();
    assertTrue(message.endsWith(", now 1."), message);
    long least = Long.parseLong(message.replaceAll("^.* svm.memory-mib = (\\d+) or more.*$", "$1"));
    backend().compileSvm(set.layout(precision(), least << 20)).orElseThrow().close();
  }
}
