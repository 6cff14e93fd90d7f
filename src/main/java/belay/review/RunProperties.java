package belay.review;

import belay.conf.Configuration;
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
import java.util.Properties;

/**
 * The keys of run.properties as they stand there. Not read as a {@link Configuration}: a table of
 * many runs must also show those whose keys this version no longer has.
 */
final class RunProperties {
  private RunProperties() {}

  /** Keys that this version has, with their defaults. */
  private static final class Defaults {
    static final Map<String, String> ALL = read();

    private static Map<String, String> read() {
      Map<String, String> defaults = new LinkedHashMap<>();
      Configuration.describeKeys().forEach(key -> defaults.put(key.key(), key.defaultValue()));
      return Collections.unmodifiableMap(defaults);
    }
  }

  static Map<String, String> defaults() {
    return Defaults.ALL;
  }

  /**
   * @return defaults alone if there is no file
   * @throws DataException if it cannot be read
   */
  static Map<String, String> read(Path file) {
    Map<String, String> values = new LinkedHashMap<>(Defaults.ALL);
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(PlainFile.textOwn(file)));
    } catch (NoSuchFileException e) {
      return values;
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": is no file of keys: " + e.getMessage(), e);
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(key -> values.put(key, shown(properties.getProperty(key))));
    return values;
  }

  /** ${$} is how the file writes a $ that begins no replacement. */
  private static String shown(String value) {
    return Secrets.hide(value.replace("${$}", "$"));
  }
}
