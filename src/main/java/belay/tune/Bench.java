package belay.tune;

import belay.backend.Backend;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.TrainState;
import belay.train.TrainWatch;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What all trials work with.
 *
 * @param images with some held out
 * @param weights that every trial begins with; none changes them
 * @param setups from keys of a trial, over those of the run, to what they mean
 * @param facts that decide every result beside a setup's: digests of images, network and weights,
 *     and the device's arithmetic
 * @param watch hears of every step
 * @param stop asked before every step
 */
public record Bench(
    Backend backend,
    Network network,
    Dataset images,
    float[] weights,
    Function<Map<String, String>, Setup> setups,
    Map<String, String> facts,
    TrainWatch watch,
    BooleanSupplier stop) {

  /** The run's own setup. */
  Setup setup() {
    return setups.apply(Map.of());
  }

  boolean classifies() {
    return network.program().classifies();
  }

  ImageSet train() {
    return images.train();
  }

  long stepsPerEpoch() {
    int batch = setup().batch();
    return (train().count() + batch - 1) / batch;
  }

  /** A plan before its first step. */
  TrainPlan compile(TrainSpec spec, ImageSet seen, ImageSet judging) {
    TrainState start = TrainState.initial(network, weights.clone(), spec.slots());
    return backend.compileTraining(network, spec, seen, judging, start);
  }
}
