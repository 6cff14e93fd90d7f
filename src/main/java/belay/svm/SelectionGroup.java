package belay.svm;

import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.svm.Grid.Candidate;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The scores of cross-validation in a classifier's file. */
final class SelectionGroup {
  private static final String GROUP = "/selection";

  private SelectionGroup() {}

  static void write(Hdf5Writer writer, Selection selection) throws IOException {
    int folds = selection.accuracy()[0].length;
    int best = selection.best();
    List<Candidate> candidates = selection.candidates();
    writer
        .group(GROUP)
        .attribute("description", "Cross-validation: accuracy on each fold, left out in turn")
        .attribute("folds", (long) folds)
        .attribute("seed", selection.seed())
        .attribute("best", (long) best)
        .attribute("best_c", candidates.get(best).c())
        .attribute("best_gamma", candidates.get(best).gamma())
        .attribute("best_accuracy", selection.mean(best));
    double[] c = candidates.stream().mapToDouble(Candidate::c).toArray();
    double[] gamma = candidates.stream().mapToDouble(Candidate::gamma).toArray();
    double[] flat = Arrays.stream(selection.accuracy()).flatMapToDouble(Arrays::stream).toArray();
    writer.doubles(GROUP + "/c", c).attribute("axes", "candidate");
    writer.doubles(GROUP + "/gamma", gamma).attribute("axes", "candidate");
    writer.doubles(GROUP + "/accuracy", flat, c.length, folds).attribute("axes", "candidate, fold");
  }

  static Optional<Selection> read(Hdf5Reader reader) {
    if (!reader.has(GROUP + "/c")) {
      return Optional.empty();
    }
    BoundedReader bounded = new BoundedReader(reader);
    List<Long> shape = bounded.shape(GROUP + "/accuracy", 2);
    int count = bounded.length(GROUP + "/c");
    int folds = Math.toIntExact(Math.min(shape.get(1), Integer.MAX_VALUE));
    if (count < 1 || folds < 1) {
      throw reader.problem(GROUP + " has no candidate or no fold");
    }
    double[] c = bounded.doubles(GROUP + "/c", Bounds.ABOVE_0, count);
    double[] gamma = bounded.doubles(GROUP + "/gamma", Bounds.FROM_0, count);
    double[] flat = bounded.doubles(GROUP + "/accuracy", Bounds.SHARE, count, folds);
    double[][] accuracy = new double[count][];
    Arrays.setAll(accuracy, i -> Arrays.copyOfRange(flat, i * folds, (i + 1) * folds));
    return Optional.of(
        new Selection(
            IntStream.range(0, count).mapToObj(i -> new Candidate(c[i], gamma[i])).toList(),
            accuracy,
            reader.integer(GROUP, "seed")));
  }
}
