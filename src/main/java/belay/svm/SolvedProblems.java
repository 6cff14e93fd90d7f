package belay.svm;

import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.error.DataException;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a training has solved so far, kept in a file, so that one that is interrupted goes on with
 * the problems that are left. A problem's solution depends on nothing but the samples and itself,
 * so that no bit of the model changes.
 *
 * <p>A training is a row of calls to the solver: one for each kernel function of a
 * cross-validation, of which only the scores are kept once it is done, and one for the model.
 */
public final class SolvedProblems {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  private final Path file; // null where nothing is kept
  private final Map<String, String> origin;
  private final Fence fence;
  private final long interval; // ns
  private final List<double[][]> scores = new ArrayList<>(); // of each kernel function that is done
  private final Map<Integer, PairSolution> solutions = new TreeMap<>(); // of the call at work
  private boolean isChanged; // since it was read or written
  private long saved = System.nanoTime();

  private SolvedProblems(Path file, Map<String, String> origin, Fence fence, int seconds) {
    this.file = file;
    this.origin = new TreeMap<>(origin);
    this.fence = fence;
    this.interval = seconds * 1_000_000_000L;
  }

  /** For a training that is over sooner than its solutions are written. */
  public static SolvedProblems unkept() {
    return new SolvedProblems(null, Map.of(), Fence.NONE, 0);
  }

  /**
   * Goes on from the file, if it is there and whole.
   *
   * @param origin all that decides a solution: a file of another origin is not used
   * @param fence asked before a file appears
   * @param seconds between two savings; 0 for none but {@link #save}'s
   */
  public static SolvedProblems open(
      Path file, Map<String, String> origin, Fence fence, int seconds) {
    SolvedProblems solved = new SolvedProblems(file, origin, fence, seconds);
    if (Files.exists(file)) {
      solved.read();
    }
    return solved;
  }

  /**
   * @throws DataException if the file is damaged
   */
  public static void check(Path file) {
    SolvedFile.read(file);
  }

  private void read() {
    try {
      SolvedFile.Content content = SolvedFile.read(file);
      if (content.origin().equals(origin)) {
        scores.addAll(content.scores());
        solutions.putAll(content.solutions());
        LOG.log(
            Level.INFO,
            "stage=svm resumed=%s scored=%d solved=%d"
                .formatted(file.getFileName(), scores.size(), solutions.size()));
      }
    } catch (DataException e) {
      LOG.log(Level.WARNING, "Solving anew: " + e.getMessage());
    }
  }

  /** Scores of the first kernel functions, which need no solver any more. */
  synchronized List<double[][]> scores() {
    return List.copyOf(scores);
  }

  /** Ends a call of cross-validation. */
  synchronized void score(double[][] accuracy) {
    scores.add(accuracy);
    solutions.clear();
    isChanged = true;
  }

  /** Solves what of the next call is not solved yet. */
  List<PairSolution> solve(
      SvmPlan plan,
      List<PairProblem> problems,
      double tolerance,
      SvmProgress progress,
      int[] sizes) {
    PairSolution[] all = known(problems, sizes);
    int[] left = IntStream.range(0, all.length).filter(i -> all[i] == null).toArray();
    List<PairProblem> rest = Arrays.stream(left).mapToObj(problems::get).toList();
    List<PairSolution> found = plan.solve(rest, tolerance, keeping(progress, left, all.length));
    for (int i = 0; i < left.length; i++) {
      all[left[i]] = found.get(i);
    }
    return Arrays.asList(all);
  }

  private synchronized PairSolution[] known(List<PairProblem> problems, int[] sizes) {
    PairSolution[] known = new PairSolution[problems.size()];
    boolean fits =
        solutions.entrySet().stream()
            .allMatch(
                entry ->
                    entry.getKey() < known.length
                        && entry.getValue().coefficients().length
                            == size(problems.get(entry.getKey()), sizes));
    if (!fits) {
      LOG.log(Level.WARNING, "Solving anew: " + file + " holds solutions of other problems");
      solutions.clear();
    }
    solutions.forEach((index, solution) -> known[index] = solution);
    return known;
  }

  private static int size(PairProblem problem, int[] sizes) {
    return sizes[problem.first()] + sizes[problem.second()];
  }

  private SvmProgress keeping(SvmProgress progress, int[] left, int count) {
    return new SvmProgress() {
      @Override
      public void report(int solved, int problems, long iterations) {
        progress.report(count - left.length + solved, count, iterations);
      }

      @Override
      public void solved(int problem, PairSolution solution) {
        keep(left[problem], solution);
      }
    };
  }

  private synchronized void keep(int index, PairSolution solution) {
    if (file == null) {
      return;
    }
    solutions.put(index, solution);
    isChanged = true;
    if (interval > 0 && System.nanoTime() - saved >= interval) {
      save();
    }
  }

  /**
   * Writes what is newly solved, by which the file's time tells that the training gets on. A disk
   * that refuses is a warning, since it only costs time.
   */
  public synchronized void save() {
    if (file == null || !isChanged) {
      return;
    }
    try {
      SolvedFile.write(file, new SolvedFile.Content(origin, scores, solutions), fence);
      isChanged = false;
      LOG.log(
          Level.INFO,
          "stage=svm saved=%s scored=%d solved=%d"
              .formatted(file.getFileName(), scores.size(), solutions.size()));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Solutions are not saved: " + e.getMessage());
    }
    saved = System.nanoTime();
  }

  /** Once the model is safe. */
  public synchronized void delete() {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "file={0} undeleted=\"{1}\"", file, DiskProblem.reason(e));
    }
  }
}
