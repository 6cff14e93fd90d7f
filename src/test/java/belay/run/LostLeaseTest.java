package belay.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.conf.Configuration;
import belay.conf.ConfigurationSources;
import belay.error.BusyException;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostLeaseTest {
  @TempDir Path directory;

  @Test
  void anAttemptThatLosesTheRunLeavesNothingHalfWrittenButWhatIsOfOthers() throws IOException {
    Path run = directory.resolve("run");
    Path theirs = run.resolve(".metrics.prom.1f.partial");
    Configuration configuration =
        Configuration.load(ConfigurationSources.of(Map.of()).withSet(List.of("backend=reference")));
    assertThrows(
        BusyException.class,
        () -> StageRun.execute("train", run, configuration, work -> lose(work, theirs)));
    assertEquals(List.of(theirs), AtomicFile.partials(run));
    assertTrue(Files.exists(run.resolve("lease-2.json")));
  }

  /** Another process takes the run, and both are writing the metrics. */
  private static void lose(StageRun run, Path theirs) {
    Path directory = run.directory().path();
    try {
      Files.writeString(AtomicFile.partial(directory.resolve("metrics.prom")), "half");
      Files.writeString(theirs, "half");
      Files.copy(directory.resolve("lease-1.json"), directory.resolve("lease-2.json"));
      run.lease().check();
    } catch (IOException e) {
      throw DiskProblem.of("write into", directory, e);
    }
  }
}
