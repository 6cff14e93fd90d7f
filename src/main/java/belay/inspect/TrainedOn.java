package belay.inspect;

import belay.data.CifarLayout;
import belay.data.ImageFormat;
import belay.error.ConfigurationException;
import belay.error.DataException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where the images of a checkpoint were, from the configuration that it keeps. */
final class TrainedOn {
  private TrainedOn() {}

  /**
   * @throws DataException if the configuration does not say, or not in words that mean one
   */
  static Path directory(Map<String, String> configuration) {
    return path(configuration, "data.dir");
  }

  /**
   * @throws DataException if the configuration does not say, or not in words that mean one
   */
  static CifarLayout layout(Map<String, String> configuration) {
    try {
      return new CifarLayout(
          List.of(path(configuration, "data.train-files").toString().split(",")),
          List.of(path(configuration, "data.test-files").toString().split(",")),
          path(configuration, "data.names-file").toString(),
          new ImageFormat(
              number(configuration, "data.height"),
              number(configuration, "data.width"),
              number(configuration, "data.channels"),
              number(configuration, "data.classes")));
    } catch (ConfigurationException e) {
      throw new DataException("/configuration of the checkpoint: " + e.getMessage(), e);
    }
  }

  /** Training images that were used, the first ones; 0 for all. */
  static int limit(Map<String, String> configuration) {
    return configuration.containsKey("train.limit") ? number(configuration, "train.limit") : 0;
  }

  private static int number(Map<String, String> configuration, String key) {
    String text = text(configuration, key);
    if (!text.matches("\\d{1,9}")) {
      throw new DataException(
          "/configuration@%s of the checkpoint is '%s', expected a number from 0"
              .formatted(key, text));
    }
    return Integer.parseInt(text);
  }

  private static Path path(Map<String, String> configuration, String key) {
    String text = text(configuration, key);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new DataException(
          "/configuration@%s of the checkpoint is no path: %s".formatted(key, e.getReason()), e);
    }
  }

  private static String text(Map<String, String> configuration, String key) {
    String text = configuration.get(key);
    if (text == null) {
      throw new DataException("/configuration@" + key + " of the checkpoint is missing");
    }
    return text;
  }
}
