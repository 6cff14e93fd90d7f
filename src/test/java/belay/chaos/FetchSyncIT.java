package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.cli.Jar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a download costs the disk. */
class FetchSyncIT {
  private static final int EMPTY = 500;

  @TempDir private Path directory;

  @Test
  void onlyTheFilesOfTheDataSetAreForcedToDiskHoweverManyAnArchiveHolds() throws Exception {
    assumeTrue(DiskRecorder.isInstalled(), "strace is not installed");
    directory = directory.toRealPath();
    Path source = directory.resolve("source");
    assertEquals(
        0, Jar.run(directory, "sample", "source", "--train", "20", "--test", "5").exitCode());
    for (int i = 0; i < EMPTY; i++) {
      Files.createFile(source.resolve("empty-" + i));
    }
    Path archive = directory.resolve("a.tar.gz");
    Process tar =
        new ProcessBuilder("tar", "czf", archive.toString(), "-C", source.toString(), ".").start();
    assertEquals(0, tar.waitFor());
    Set<String> forced =
        DiskRecorder.record(
                directory,
                "fetch",
                "got",
                "--url",
                archive.toUri().toString(),
                "--set",
                "data.md5=")
            .stream()
            .filter(DiskOperation.Sync.class::isInstance)
            .map(sync -> Path.of(sync.path()).getFileName().toString())
            .collect(Collectors.toSet());
    assertTrue(forced.contains("data_batch_1.bin"), forced::toString);
    assertTrue(forced.stream().noneMatch(name -> name.startsWith("empty-")), forced::toString);
    assertTrue(Files.exists(directory.resolve("got/empty-0")));
  }
}
