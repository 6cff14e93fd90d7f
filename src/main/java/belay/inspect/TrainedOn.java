package belay.inspect;

import belay.data.CifarLayout;
import belay.data.ImageFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where the images of a checkpoint were, from the configuration that it keeps. */
final class TrainedOn {
  private TrainedOn() {}

  static Path directory(Map<String, String> configuration) {
    return Path.of(configuration.getOrDefault("data.dir", ""));
  }

  static CifarLayout layout(Map<String, String> configuration) {
    return new CifarLayout(
        List.of(configuration.get("data.train-files").split(",")),
        List.of(configuration.get("data.test-files").split(",")),
        configuration.get("data.names-file"),
        new ImageFormat(
            Integer.parseInt(configuration.get("data.height")),
            Integer.parseInt(configuration.get("data.width")),
            Integer.parseInt(configuration.get("data.channels")),
            Integer.parseInt(configuration.get("data.classes"))));
  }
}
