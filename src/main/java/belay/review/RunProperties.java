package belay.review;

import belay.checkpoint.KeyHistory;
import belay.conf.Configuration;
import belay.conf.KeyDescription;
import belay.error.DataException;
import belay.log.Secrets;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The keys of run.properties as they stand there. Not read as a {@link Configuration}: a table of
 * many runs must also show those whose keys this version no longer has.
 *
 * @param values of now, by key; the defaults of those that the file does not name
 * @param history of those that had other values before
 */
record RunProperties(Map<String, String> values, KeyHistory history) {

  /** Keys that this version has. */
  private static final class Known {
    static final Map<String, KeyDescription> KEYS = new LinkedHashMap<>();
    static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

    static {
      Configuration.describeKeys().forEach(key -> KEYS.put(key.key(), key));
      KEYS.forEach((name, key) -> DEFAULTS.put(name, key.defaultValue()));
    }
  }

  /** A key of this version. */
  static Optional<KeyDescription> key(String name) {
    return Optional.ofNullable(Known.KEYS.get(name));
  }

  /** Whether a run directory may remember a key; those of other versions are not known. */
  static boolean isOfRun(String key) {
    return key(key).map(KeyDescription::isOfRun).orElse(true);
  }

  static Map<String, String> defaults() {
    return Collections.unmodifiableMap(Known.DEFAULTS);
  }

  /**
   * @return defaults alone if there is no file
   * @throws DataException if it cannot be read
   */
  static RunProperties read(Path file) {
    Map<String, String> values = new LinkedHashMap<>(Known.DEFAULTS);
    Properties properties = new Properties();
    try {
      String text = PlainFile.textOwn(file);
      properties.load(new StringReader(text));
      properties.stringPropertyNames().stream()
          .sorted()
          .forEach(key -> values.put(key, shown(properties.getProperty(key))));
      return new RunProperties(values, KeyHistory.ofComments(text));
    } catch (NoSuchFileException e) {
      return new RunProperties(values, KeyHistory.NONE);
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": is no file of keys: " + e.getMessage(), e);
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
  }

  /** ${$} is how the file writes a $ that begins no replacement. */
  private static String shown(String value) {
    return Secrets.hide(value.replace("${$}", "$"));
  }
}
