package belay.cli;

import belay.storage.Host;
import java.util.Map;
import java.util.TreeMap;

/** What made a file: kept in every HDF5 file of a run. */
final class Provenance {
  private final Map<String, String> facts = new TreeMap<>();

  Provenance put(String name, String value) {
    facts.put(name, value);
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
}
