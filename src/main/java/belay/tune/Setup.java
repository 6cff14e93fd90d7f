package belay.tune;

import belay.backend.TrainSpec;
import belay.train.TrainerSettings;
import java.util.Map;

/**
 * What keys mean to a training.
 *
 * @param facts keys and values that decide its weights beside network, images and first weights
 */
public record Setup(TrainSpec spec, TrainerSettings settings, Map<String, String> facts) {
  int batch() {
    return settings.batch();
  }

  /** Highest learning rate. */
  double rate() {
    return settings.schedule().base();
  }

  int warmUpSteps() {
    return settings.schedule().warmupSteps();
  }
}
