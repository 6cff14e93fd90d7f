package belay.inspect;

import belay.checkpoint.Checkpoint;
import belay.data.ImageShape;
import belay.data.source.Hdf5Names;
import belay.data.source.ImageQuery;
import belay.data.source.ImageSource;
import belay.data.source.ImageSources;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.net.Shape;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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
   * The images of a checkpoint.
   *
   * @param images directory or file where they are now
   * @throws DataException if the configuration says it in words that mean nothing, or there are
   *     none
   */
  static ImageSource source(Checkpoint checkpoint, Path images) {
    Map<String, String> keys = checkpoint.configuration();
    Shape input = checkpoint.network().input();
    try {
      return ImageSources.fitting(
          query(keys, images),
          new ImageShape(
              side(keys, "data.height").orElse(input.height()),
              side(keys, "data.width").orElse(input.width()),
              side(keys, "data.channels").orElse(input.channels())));
    } catch (ConfigurationException e) {
      throw new DataException("/configuration of the checkpoint: " + e.getMessage(), e);
    }
  }

  private static ImageQuery query(Map<String, String> keys, Path images) {
    return new ImageQuery(
        images,
        side(keys, "data.classes"),
        List.of(path(keys, "data.train-files").toString().split(",")),
        List.of(path(keys, "data.test-files").toString().split(",")),
        path(keys, "data.names-file").toString(),
        new Hdf5Names(
            keys.getOrDefault("data.images", ""),
            keys.getOrDefault("data.labels", ""),
            keys.getOrDefault("data.test-images", ""),
            keys.getOrDefault("data.test-labels", "")),
        keys.containsKey("data.test-percent") ? number(keys, "data.test-percent") : 1,
        Boolean.parseBoolean(keys.get("data.skip-damaged")),
        Optional.empty());
  }

  private static OptionalInt side(Map<String, String> keys, String key) {
    return text(keys, key).equals("auto") ? OptionalInt.empty() : OptionalInt.of(number(keys, key));
  }

  /** 0 where an earlier belay kept no such key. */
  static int numberOr0(Map<String, String> configuration, String key) {
    return configuration.containsKey(key) ? number(configuration, key) : 0;
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
