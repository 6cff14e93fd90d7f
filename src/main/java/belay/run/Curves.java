package belay.run;

import belay.metrics.EventFile;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import belay.train.EpochResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The curves of a training as scalars for TensorBoard. */
final class Curves {
  private static final System.Logger LOG = System.getLogger("belay.metrics");

  private Curves() {}

  /** Makes the file say exactly this; one that cannot be written is a warning. */
  static void write(Path file, List<EpochResult> history, Fence fence) {
    try {
      EventFile.write(file, history.stream().map(Curves::point).toList(), fence);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING, "file={0} unwritten=\"{1}\"", file, DiskProblem.reason(e));
    }
  }

  private static EventFile.Point point(EpochResult result) {
    Map<String, Double> scalars = new HashMap<>();
    scalars.put("loss/train", result.trainLoss());
    put(scalars, "loss/test", result.testLoss());
    put(scalars, "loss/validation", result.validationLoss());
    put(scalars, "accuracy/train", result.trainAccuracy());
    put(scalars, "accuracy/test", result.testAccuracy());
    put(scalars, "accuracy/validation", result.validationAccuracy());
    scalars.put("live_features", result.liveFeatures());
    scalars.put("learning_rate", result.learningRate());
    scalars.put("images_per_second", result.imagesPerSecond());
    result.updateRatio().forEach((name, ratio) -> scalars.put("update_ratio/" + name, ratio));
    Instant time = result.ended() == null ? Instant.EPOCH : result.ended();
    return new EventFile.Point(time, result.step(), scalars);
  }

  private static void put(Map<String, Double> scalars, String name, double value) {
    if (!Double.isNaN(value)) {
      scalars.put(name, value);
    }
  }
}
