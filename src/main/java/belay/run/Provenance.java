package belay.run;

import belay.backend.Backend;
import belay.hdf.Hdf5Reader;
import belay.storage.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** What made a file: kept in every HDF5 file of a run. */
final class Provenance {
  private static final Path DRIVER = Path.of("/sys/module/nvidia/version");

  private final Map<String, String> facts = new TreeMap<>();

  Provenance put(String name, String value) {
    facts.put(name, value);
    return this;
  }

  /** A checkpoint that the file goes back to: its name in the run, or its path elsewhere. */
  Provenance from(Path checkpoint, Path checkpoints) {
    Path absolute = checkpoint.toAbsolutePath().normalize();
    boolean isOfRun = checkpoints.toAbsolutePath().normalize().equals(absolute.getParent());
    put("checkpoint", (isOfRun ? absolute.getFileName() : absolute).toString());
    try (Hdf5Reader reader = Hdf5Reader.open(checkpoint)) {
      return put("checkpoint-sha256", reader.manifestSha256());
    }
  }

  /** What computed it; of a GPU also the driver's version, such as 550.54.15, where Linux tells. */
  Provenance on(Backend backend) {
    put("device", backend.describe());
    if (backend.gpuUuid().isPresent()) {
      try {
        put("gpu-driver", Files.readString(DRIVER).strip());
      } catch (IOException e) {
        put("gpu-driver", "unknown");
      }
    }
    return this;
  }

  /** Together with what the attempt knows about itself. */
  Map<String, String> of(StageRun run) {
    put("belay-version", Version.text());
    put("java-version", System.getProperty("java.version"));
    put("host", Host.local().name());
    put("scheduler", run.job().scheduler());
    put("job-id", run.job().jobId().orElse(""));
    put("attempt", Integer.toString(run.attempt()));
    put("attempt-began", run.began().toString());
    return facts;
  }

  /**
   * Facts at the moment of writing: with that moment, and with the jar's digest, which may take a
   * while.
   */
  static Map<String, String> complete(Map<String, String> facts) {
    Map<String, String> all = new TreeMap<>(facts);
    all.put("made", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("jar-sha256", ThisJar.digest());
    return all;
  }
}
