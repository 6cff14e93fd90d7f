package belay.review;

import belay.backend.Backend;
import belay.checkpoint.RunDirectory;
import belay.view.RunView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The runs of a report, read anew at every look; what is slow to compute is kept between them. */
public final class ReportSource {
  private static final int FEW = 4;
  private static final int SEVERAL = 8;

  private final List<Path> paths;
  private final List<String> names;
  private final TestImages testImages = new TestImages();
  private final Gallery gallery;

  /**
   * @param paths of run directories
   * @param backend who reconstructs images; asked once, if at all
   * @param isFast whether it does so in milliseconds
   * @throws belay.error.DataException if one does not exist
   */
  public ReportSource(List<Path> paths, Supplier<Backend> backend, boolean isFast) {
    this.paths = List.copyOf(paths);
    paths.forEach(RunDirectory::open);
    names = names(paths);
    gallery = new Gallery(backend, effort(paths.size(), isFast));
  }

  public List<RunView> read() {
    Instant now = Instant.now();
    List<Integer> numbers = IntStream.range(0, paths.size()).boxed().toList();
    try (Crowd crowd = new Crowd()) {
      return crowd.each(numbers, number -> view(number, now));
    }
  }

  private RunView view(int number, Instant now) {
    RunRecord run = new RunRecord(paths.get(number));
    return new RunReview(run, names.get(number), testImages, gallery).view(now);
  }

  private static Gallery.Effort effort(int runs, boolean isFast) {
    if (runs <= FEW) {
      return new Gallery.Effort(isFast ? 10 : 4, isFast ? 4 : 2, 6, 8);
    }
    boolean areMany = runs > SEVERAL;
    return new Gallery.Effort(
        isFast ? (areMany ? 5 : 8) : 2, isFast ? 2 : 1, areMany ? 3 : 4, areMany ? 4 : 6);
  }

  /** As much of the end of each path as tells it from the others. */
  static List<String> names(List<Path> paths) {
    List<Path> whole = paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    List<String> names = new ArrayList<>();
    for (Path path : whole) {
      int parts = 1;
      while (parts < path.getNameCount() && !isUnique(path, parts, whole)) {
        parts++;
      }
      names.add(end(path, parts));
    }
    return names;
  }

  private static boolean isUnique(Path path, int parts, List<Path> all) {
    return all.stream().filter(other -> end(other, parts).equals(end(path, parts))).count() == 1;
  }

  private static String end(Path path, int parts) {
    int count = path.getNameCount();
    return count == 0 ? "/" : path.subpath(Math.max(0, count - parts), count).toString();
  }
}
