package belay.repair;

import belay.checkpoint.CheckpointName;
import belay.checkpoint.RunDirectory;
import belay.cluster.SubmittedJobs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What bears the names of a run's files and directories, and is none: links, pipes, devices. They
 * are named and left alone, since whoever put them there had a reason, good or bad.
 */
final class Places {
  private final Mending mending;
  private final Set<Path> unfit = new HashSet<>();
  private final List<CheckpointName> checkpoints = new ArrayList<>();

  private Places(Mending mending) {
    this.mending = mending;
  }

  static Places look(RunDirectory run, Mending mending) {
    Places places = new Places(mending);
    Path jobs = run.path().resolve("jobs");
    Path tensorboard = run.eventFile().getParent();
    List.of(run.checkpoints(), run.logs(), jobs, tensorboard).forEach(places::directory);
    List.of(
            run.properties(),
            run.statusFile(),
            run.attemptsFile(),
            run.metricsFile(),
            run.profileFile(),
            run.features(),
            run.svm(),
            run.svmSolved(),
            run.mlperfLog(),
            run.eventFile(),
            run.path().resolve("metrics.prom"),
            run.path().resolve("job.env"),
            run.logs().resolve("belay.log"),
            run.logs().resolve("job.log"),
            new SubmittedJobs(run.path()).file())
        .forEach(places::file);
    places.listCheckpoints(run.checkpoints());
    return places;
  }

  /** Whether a file of the run can be opened: it is a regular file, in directories of the run. */
  boolean isFile(Path file) {
    return mending.isThere(file) && isFit(file);
  }

  /** Whether a file that is missing could be made. */
  boolean isFit(Path file) {
    return !unfit.contains(file) && !unfit.contains(file.getParent());
  }

  /** Names of checkpoints, whatever bears them, newest first. */
  List<CheckpointName> checkpoints() {
    return checkpoints;
  }

  private void listCheckpoints(Path directory) {
    if (!isFile(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "ckpt-*.h5")) {
      files.forEach(
          file -> CheckpointName.parse(file.getFileName().toString()).ifPresent(checkpoints::add));
    } catch (DirectoryIteratorException | IOException e) {
      unfit.add(directory);
      mending.leave(directory, "cannot be listed", "look at its permissions");
    }
    checkpoints.sort((a, b) -> b.compareTo(a));
    checkpoints.forEach(name -> file(directory.resolve(name.toString())));
  }

  private void directory(Path path) {
    look(path, true, "put a directory in its place; a link is taken for the run as a whole only");
  }

  private void file(Path path) {
    if (isFit(path.getParent()) && isFit(path)) {
      look(path, false, "put the file itself in its place, or move this away");
    }
  }

  private void look(Path path, boolean isDirectory, String advice) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (isDirectory ? !found.isDirectory() : !found.isRegularFile()) {
        unfit.add(path);
        String expected = isDirectory ? "expected a directory" : "expected a regular file";
        mending.leave(path, "is " + kind(found) + ", " + expected, advice);
      }
    } catch (IOException missing) {
      // Or its directory is none, which has been said.
    }
  }

  private static String kind(BasicFileAttributes found) {
    if (found.isSymbolicLink()) {
      return "a symbolic link";
    }
    return found.isDirectory()
        ? "a directory"
        : found.isRegularFile() ? "a file" : "a pipe, socket or device";
  }
}
