package belay.review;

import belay.backend.Backend;
import belay.checkpoint.RunDirectory;
import belay.report.RunView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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
    List<RunView> views = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      RunRecord run = new RunRecord(paths.get(i));
      views.add(new RunReview(run, names.get(i), testImages, gallery).view(now));
    }
    return views;
  }

  private static Gallery.Effort effort(int runs, boolean isFast) {
    if (!isFast) {
      return new Gallery.Effort(FEW, runs <= FEW ? 2 : 1);
    }
    return runs <= FEW ? new Gallery.Effort(10, 4) : new Gallery.Effort(runs <= SEVERAL ? 8 : 5, 2);
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
