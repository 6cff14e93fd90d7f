package belay.review;

import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the run directories below a directory, level by level and many at a time. */
public final class RunSearch {
  private static final Set<String> MARKS =
      Set.of("status.json", "run.properties", "attempts.jsonl");

  private final Crowd crowd;

  RunSearch(Crowd crowd) {
    this.crowd = crowd;
  }

  private record Level(boolean isRun, List<Path> below) {}

  /**
   * @return sorted; the directory itself if it is a run; nothing below a run is looked at
   * @throws DataException if it is no directory that can be read
   */
  List<Path> below(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory
              + (Files.exists(directory) ? ": is a file" : ": no such directory")
              + "; name a directory that holds runs");
    }
    TreeSet<Path> runs = new TreeSet<>();
    List<Path> level = List.of(directory);
    while (!level.isEmpty()) {
      List<Level> looks = crowd.each(level, path -> look(path, path.equals(directory)));
      List<Path> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i++) {
        if (looks.get(i).isRun()) {
          runs.add(level.get(i));
        } else {
          next.addAll(looks.get(i).below());
        }
      }
      level = next;
    }
    return List.copyOf(runs);
  }

  private static Level look(Path directory, boolean isRoot) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      if (isRoot && e instanceof IOException io) {
        throw DiskProblem.of("list", directory, io);
      }
      return new Level(false, List.of()); // somebody else's, or just removed
    }
    if (entries.stream().anyMatch(entry -> MARKS.contains(entry.getFileName().toString()))) {
      return new Level(true, List.of());
    }
    return new Level(false, entries.stream().filter(RunSearch::isWorthALook).toList());
  }

  private static boolean isWorthALook(Path entry) {
    return !entry.getFileName().toString().startsWith(".")
        && Files.isDirectory(entry)
        && !Files.isSymbolicLink(entry); // it may lead in a circle
  }
}
