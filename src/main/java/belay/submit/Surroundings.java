package belay.submit;

import belay.checkpoint.RunDirectory;
import belay.conf.settings.Settings;
import belay.error.DataException;
import belay.net.Network;
import belay.run.Inputs;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the jobs of runs will find, as far as this machine sees it: images, network, room for their
 * files. What would fail after hours in a queue fails at once.
 */
final class Surroundings {
  /** Of a weight and adam's two moments in a checkpoint. */
  private static final int STATE_BYTES = 3 * Float.BYTES;

  private static final double GIB = 1L << 30;

  private final List<String> stages;
  private final Map<FileStore, Path> disks = new LinkedHashMap<>(); // and a run on each
  private final Map<FileStore, Long> needed = new LinkedHashMap<>(); // bytes, of all runs together

  /**
   * @param stages to be done
   */
  Surroundings(List<String> stages) {
    this.stages = stages;
  }

  /** Looks at what each run needs, and then whether there is room for all. */
  void look(Map<RunDirectory, Settings> runs, Objections objections) {
    runs.forEach(
        (run, settings) -> {
          objections.unless(() -> checkWritable(run.path()));
          objections.unless(run::requireFit);
          objections.unless(() -> look(run, settings));
        });
    disks.forEach((disk, run) -> objections.unless(() -> checkRoom(disk, run)));
  }

  private void look(RunDirectory run, Settings settings) {
    if (stages.equals(List.of("classify"))) {
      return; // which reads features alone
    }
    Network network = Inputs.network(settings);
    if (does("train")) {
      Inputs.refuseWhatCannotBe(network, settings);
    }
    long images = Inputs.source(settings, network.input()).count();
    long bytes = 0;
    if (does("train")) {
      // Those that stay, the best, and the one that is being written.
      long files = settings.checkpoint().keep() + 2L;
      bytes +=
          Files.exists(run.checkpoints())
              ? 0
              : files * stateBytes(settings) * network.parameterCount();
    }
    bytes += does("extract") ? features(run, images, network) : 0;
    need(run.path(), bytes);
  }

  private static int stateBytes(Settings settings) {
    boolean isAveraged = settings.train().update().isAveraged();
    return STATE_BYTES + (isAveraged ? Float.BYTES : 0);
  }

  private boolean does(String stage) {
    return stages.contains(stage) || stages.contains("pipeline");
  }

  private static long features(RunDirectory run, long images, Network network) {
    return Files.exists(run.features()) ? 0 : images * network.latent().size() * Float.BYTES;
  }

  private void need(Path run, long bytes) {
    try {
      FileStore disk = Files.getFileStore(existing(run));
      disks.putIfAbsent(disk, run);
      needed.merge(disk, bytes, Long::sum);
    } catch (IOException e) {
      throw DiskProblem.of("find the file system of", run, e);
    }
  }

  private void checkRoom(FileStore disk, Path run) {
    try {
      long free = disk.getUsableSpace();
      if (free >= 0 && free < needed.get(disk)) { // below 0 where a long does not hold it
        throw new DataException(
            "The file system of %s has %.1f GiB free, checkpoints and features need %.1f GiB: free some, or use a directory on another one"
                .formatted(run, free / GIB, needed.get(disk) / GIB));
      }
    } catch (IOException e) {
      throw DiskProblem.of("see how much room there is for", run, e);
    }
  }

  private static void checkWritable(Path run) {
    Path there = existing(run);
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new DataException(
          "%s: %s; use a directory of your own"
              .formatted(
                  run, Files.isDirectory(there) ? "cannot be written" : there + " is a file"));
    }
  }

  private static Path existing(Path path) {
    return Files.exists(path) ? path : existing(path.getParent());
  }
}
