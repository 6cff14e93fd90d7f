package belay.train;

import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.augment.Augmentation;
import belay.data.augment.Augmentations;
import belay.data.augment.AugmentedImages;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.TrainState;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Training of a tiny network on 21 images in minibatches of 8: three steps an epoch. It keeps the
 * last saved state, as a checkpoint would, and goes on from there.
 */
final class TinyTraining implements StateKeeper {
  static final Network NETWORK =
      BackendContract.network("input 4x4x3; conv 5; relu; maxpool 2; latent; upsample 2; conv 3");
  static final ImageSet TRAIN = new RandomInputs(20).images(NETWORK, 21);
  static final ImageSet TEST = new RandomInputs(21).images(NETWORK, 10);

  private static final Augmentation VIEWS = Augmentations.tiny();

  private final Network network;
  private final TrainSpec spec;
  TrainState state;
  Progress progress = Progress.start();
  int saves;
  final List<Integer> epochs = new ArrayList<>(); // of steps

  TinyTraining() {
    this(NETWORK);
  }

  TinyTraining(Network network) {
    this(network, TrainSpec.Average.NONE);
  }

  TinyTraining(Network network, TrainSpec.Average average) {
    this.network = network;
    this.spec =
        new TrainSpec(
            8,
            8,
            0,
            VIEWS,
            1,
            new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false),
            TrainSpec.Clipping.NONE,
            average,
            Precision.FP32);
    this.state =
        TrainState.initial(network, Initializer.UNIFORM.initialize(network, 3), spec.slots());
  }

  TrainSpec spec() {
    return spec;
  }

  /**
   * Training images as steps see them.
   *
   * @param pixels receives [rows, 4, 4, 3]
   */
  static void seen(int[] rows, int epoch, float[] pixels) {
    new AugmentedImages(TRAIN, VIEWS, 1).inputs(rows, 0, rows.length, epoch, pixels);
  }

  @Override
  public void keep(TrainState state, Progress progress) {
    this.state = state;
    this.progress = progress;
    saves++;
  }

  /** Train and test losses of all epochs; equal bits or not equal. */
  List<Map<String, Double>> losses() {
    return progress.history().stream()
        .map(
            result -> {
              Map<String, Double> values = new HashMap<>(result.updateRatio());
              values.put("train", result.trainLoss());
              values.put("test", result.testLoss());
              values.put("live", result.liveFeatures());
              return values;
            })
        .toList();
  }

  static TrainerSettings settings(int epochs, int patience) {
    Schedule schedule = new Schedule(0.01, 4, Schedule.Curve.COSINE, 0, 1, 1);
    return new TrainerSettings(5, new Goal(epochs, patience, 0, false), 8, 0, schedule);
  }

  void train(TrainerSettings settings, BooleanSupplier stop) {
    train(settings, TrainWatch.NONE, stop);
  }

  void train(TrainerSettings settings, TrainWatch watch, BooleanSupplier stop) {
    train(settings, new TrainTask.Judge(10, false), watch, stop);
  }

  void train(
      TrainerSettings settings, TrainTask.Judge judge, TrainWatch watch, BooleanSupplier stop) {
    try (ReferenceBackend backend = new ReferenceBackend();
        TrainPlan plan = backend.compileTraining(network, spec, TRAIN, TEST, state)) {
      TrainTask task = new TrainTask(network, spec, 21, judge);
      new Trainer(listening(plan), settings, task, this, watch, stop).run(progress, state.step());
    }
  }

  /** The plan, and which epoch each step was told. */
  private TrainPlan listening(TrainPlan plan) {
    return (TrainPlan)
        Proxy.newProxyInstance(
            TrainPlan.class.getClassLoader(),
            new Class<?>[] {TrainPlan.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(plan, arguments);
                if (method.getName().equals("step")) {
                  epochs.add(((StepScalars) arguments[1]).epoch());
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
