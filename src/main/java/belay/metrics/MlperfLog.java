package belay.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import belay.json.Json;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lines {@code :::MLLOG {json}} as MLPerf's logging package writes and checks them
 * (github.com/mlcommons/logging, mllog). One log tells one run, however many attempts it took: an
 * attempt that goes on drops what killed ones said about epochs that it repeats.
 */
public final class MlperfLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.metrics");
  private static final int MOST_BYTES = 64 << 20;
  private static final String TOKEN = ":::MLLOG ";

  /** What a line is about, in the words of the format. */
  public enum Event {
    POINT_IN_TIME,
    INTERVAL_START,
    INTERVAL_END
  }

  private final Path file;
  private final int attempt;
  private final boolean fresh;
  private BufferedWriter writer; // null once the disk has refused

  /**
   * @param finishedEpochs from which this attempt goes on; -1 if it begins the run
   */
  public MlperfLog(Path file, int attempt, int finishedEpochs) {
    this.file = file;
    this.attempt = attempt;
    boolean isFresh = true;
    try {
      isFresh = !keepUpTo(finishedEpochs);
      writer = new BufferedWriter(Channels.newWriter(PlainFile.append(file), UTF_8));
    } catch (IOException e) {
      giveUp(e);
    }
    this.fresh = isFresh;
  }

  /** Whether the log says nothing of this run yet. */
  public boolean isFresh() {
    return fresh;
  }

  private boolean keepUpTo(int epochs) throws IOException {
    if (epochs < 0 || !Files.exists(file)) {
      Files.deleteIfExists(file);
      return false;
    }
    List<String> lines =
        new String(PlainFile.readOwn(file, MOST_BYTES), UTF_8)
            .lines()
            .filter(line -> isKept(line, epochs))
            .toList();
    AtomicFile.write(file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    return !lines.isEmpty();
  }

  private static boolean isKept(String line, int epochs) {
    try {
      Map<?, ?> fields = Json.read(line.substring(TOKEN.length()), Map.class);
      Object epoch = ((Map<?, ?>) fields.get("metadata")).get("epoch_num");
      boolean isOfKeptEpoch = !(epoch instanceof Number number) || number.intValue() <= epochs;
      return isOfKeptEpoch && !"run_stop".equals(fields.get("key"));
    } catch (RuntimeException torn) { // by a kill
      return false;
    }
  }

  /**
   * Writes a line.
   *
   * @param value a number, a text or null
   */
  public void write(Event event, String key, Object value, Map<String, Object> metadata) {
    if (writer == null) {
      return;
    }
    try {
      writer.write(line(System.currentTimeMillis(), event, key, value, metadata));
      writer.flush();
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private String line(
      long time, Event event, String key, Object value, Map<String, Object> metadata) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("file", "belay");
    facts.put("lineno", 0);
    facts.put("attempt", attempt);
    facts.putAll(metadata);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("namespace", "");
    fields.put("time_ms", time);
    fields.put("event_type", event.name());
    fields.put("key", key);
    fields.put("value", value == null ? Double.NaN : value); // NaN becomes null, null nothing
    fields.put("metadata", facts);
    return TOKEN + Json.line(fields) + "\n";
  }

  private void giveUp(IOException e) {
    LOG.log(Level.WARNING, "file={0} unwritten=\"{1}\"", file, DiskProblem.reason(e));
    writer = null;
  }

  @Override
  public void close() {
    if (writer != null) {
      try {
        writer.close();
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }
}
