package belay.cli.bench;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.backend.Precision;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.OptionRange;
import belay.conf.Configuration;
import belay.conf.settings.Settings;
import belay.data.Dataset;
import belay.data.RowOrder;
import belay.data.SyntheticImages;
import belay.error.DeviceException;
import belay.job.JobContext;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import belay.run.Devices;
import belay.run.NetworkSource;
import belay.run.Translation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rates of whole training steps and of encoding. */
@Command(
    name = "step",
    description = {
      "Prints images per second of whole training steps (forward, backward, update) and of encoding,"
          + " by precision and batch: medians of several timings on random weights.",
      ""
    })
final class BenchStepCommand implements Callable<Integer> {
  private static final int IMAGES = 2048;
  private static final int TIMINGS = 5;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      description = "Images in a minibatch, several with commas; ${DEFAULT-VALUE} if not given.")
  private List<Integer> batches = List.of(32, 128, 512);

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      split = ",",
      description = "fp32, tf32, bf16, fp16, several with commas; all that the device has.")
  private List<Precision> precisions = List.of(Precision.values());

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Of each timing at least, ${DEFAULT-VALUE} if not given.")
  private double seconds = 0.5;

  @Mixin private ConfigurationOptions options;

  private Settings settings;
  private Network network;
  private Dataset images;

  @Override
  public Integer call() {
    batches.forEach(batch -> OptionRange.within(1, 4096, "--batch", batch));
    OptionRange.above0("--seconds", seconds);
    Configuration configuration = options.load();
    settings = configuration.settings();
    network = NetworkSource.load(settings.train().network());
    images =
        new SyntheticImages(1, network.input().height(), network.input().width())
            .dataset(IMAGES, 10);
    try (Backend device = Devices.open(settings, JobContext.local())) {
      System.out.printf(
          "%s, network %s%n%-10s %6s %14s %14s%n",
          device.describe(), network.name(), "precision", "batch", "train img/s", "encode img/s");
      precisions.forEach(precision -> batches.forEach(batch -> print(device, precision, batch)));
    }
    return 0;
  }

  private void print(Backend device, Precision precision, int batch) {
    String name = precision.name().toLowerCase(Locale.ROOT);
    try {
      System.out.printf(
          "%-10s %6d %,14.0f %,14.0f%n",
          name, batch, training(device, precision, batch), encoding(device, batch));
    } catch (DeviceException e) {
      System.out.printf("%-10s %6d %s%n", name, batch, e.getMessage());
    }
  }

  private double training(Backend device, Precision precision, int batch) {
    TrainSpec as = Translation.trainSpec(settings.train());
    TrainSpec spec =
        new TrainSpec(batch, TrainSpec.usualShards(batch), 1, as.rule(), as.clipping(), precision);
    TrainState start = TrainState.initial(network, weights(), spec.slots());
    int[] rows = Arrays.copyOf(RowOrder.identity(IMAGES), batch);
    try (TrainPlan plan =
        device.compileTraining(network, spec, images.train(), images.test(), start)) {
      return rate(
          batch,
          steps -> {
            for (int i = 0; i < steps; i++) {
              plan.step(rows, new StepScalars(1e-4f));
            }
            plan.tally(); // waits for the device
          });
    }
  }

  private double encoding(Backend device, int batch) {
    float[] features = new float[batch * network.latent().size()];
    try (EncodePlan plan =
        device.compileEncoding(network, Mark.LATENT, batch, images.train(), weights())) {
      return rate(
          batch,
          calls -> {
            for (int i = 0; i < calls; i++) {
              plan.encode(0, batch, features);
            }
          });
    }
  }

  private float[] weights() {
    return Initializer.UNIFORM.initialize(network, 1);
  }

  /** Does the work so many times. */
  private interface Work {
    void repeat(int times);
  }

  private double rate(int batch, Work work) {
    time(work, 3); // warms up
    int times = 1;
    for (double elapsed = time(work, times); elapsed < seconds; elapsed = time(work, times)) {
      times = (int) Math.max(times + 1, Math.min(10.0 * times, 1.2 * times * seconds / elapsed));
    }
    double[] timings = new double[TIMINGS];
    for (int i = 0; i < TIMINGS; i++) {
      timings[i] = time(work, times);
    }
    Arrays.sort(timings);
    return (double) batch * times / timings[TIMINGS / 2];
  }

  private static double time(Work work, int times) {
    long began = System.nanoTime();
    work.repeat(times);
    return (System.nanoTime() - began) * 1e-9;
  }
}
