package belay.metrics;

import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines {@code :::MLLOG {json}} as MLPerf's logging package writes and checks them
 * (github.com/mlcommons/logging, mllog). One log tells one run, however many attempts it took: an
 * attempt that goes on drops what killed ones said about epochs that it repeats.
 */
public final class MlperfLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.metrics");
  private static final Pattern EPOCH = Pattern.compile("\"epoch_num\": (\\d+)");

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
      writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
    Predicate<String> isKept =
        line ->
            line.endsWith("}}") && !line.contains("\"key\": \"run_stop\"") && epoch(line) <= epochs;
    List<String> lines = Files.readAllLines(file).stream().filter(isKept).toList();
    AtomicFile.write(file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    return !lines.isEmpty();
  }

  private static int epoch(String line) {
    Matcher matcher = EPOCH.matcher(line);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
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
    String facts =
        metadata.entrySet().stream()
            .map(fact -> ", %s: %s".formatted(json(fact.getKey()), json(fact.getValue())))
            .collect(Collectors.joining());
    return ":::MLLOG {\"namespace\": \"\", \"time_ms\": %d, \"event_type\": \"%s\", \"key\": %s, \"value\": %s, \"metadata\": {\"file\": \"belay\", \"lineno\": 0, \"attempt\": %d%s}}%n"
        .formatted(time, event, json(key), json(value), attempt, facts);
  }

  private static String json(Object value) {
    boolean isPlain =
        value == null || (value instanceof Number number && Double.isFinite(number.doubleValue()));
    return isPlain
        ? String.valueOf(value)
        : '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
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
