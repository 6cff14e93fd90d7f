package belay.cli.bench;

import belay.backend.Precision;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.backend.cuda.lab.LabBench;
import belay.backend.cuda.net.StepProfile;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.OptionRange;
import belay.conf.settings.Settings;
import belay.data.Dataset;
import belay.data.RowOrder;
import belay.data.SyntheticImages;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.TrainState;
import belay.run.NetworkSource;
import belay.run.Translation;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times of single kernels on a GPU. */
@Command(
    name = "kernels",
    description = {
      "Prints the time of every launch of a training step, and of one convolution by each variant"
          + " from a naive kernel to the ones that train. Needs an NVIDIA GPU.",
      ""
    })
final class BenchKernelsCommand implements Callable<Integer> {
  private static final int REPETITIONS = 20;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images in a minibatch, ${DEFAULT-VALUE} if not given.")
  private int batch = 256;

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    OptionRange.within(1, 4096, "--batch", batch);
    Settings settings = options.load().settings();
    Precision precision = Precision.valueOf(settings.train().precision().name());
    CudaSettings gpu =
        new CudaSettings(settings.cuda().device(), settings.cuda().tier(), precision);
    try (CudaBackend device = new CudaBackend(gpu)) {
      System.out.println(device.describe());
      printStep(device, settings, precision);
      printLab(device);
    }
    return 0;
  }

  private void printStep(CudaBackend device, Settings settings, Precision precision) {
    Network network = NetworkSource.load(settings.train().network());
    Dataset images =
        new SyntheticImages(1, network.input().height(), network.input().width())
            .dataset(batch, 10);
    TrainSpec as = Translation.trainSpec(settings.train());
    TrainSpec spec =
        new TrainSpec(batch, TrainSpec.usualShards(batch), 1, as.rule(), as.clipping(), precision);
    TrainState start =
        TrainState.initial(network, Initializer.UNIFORM.initialize(network, 1), spec.slots());
    int[] rows = Arrays.copyOf(RowOrder.identity(batch), batch);
    System.out.printf(
        "%nA step of %d images, %s%n%-52s %10s %10s%n",
        batch, precision.name().toLowerCase(Locale.ROOT), "kernel", "us", "TFLOP/s");
    try (TrainPlan plan =
        device.compileTraining(network, spec, images.train(), images.test(), start)) {
      for (StepProfile.Line line : StepProfile.launches(plan, rows, REPETITIONS)) {
        System.out.printf(
            "%-52s %10.1f %10s%n",
            line.kernel(),
            1e3 * line.milliseconds(),
            line.operations() == 0 ? "" : "%.1f".formatted(line.rate()));
      }
      double step = StepProfile.step(plan, rows, REPETITIONS);
      System.out.printf(
          "%-52s %10.1f, %,.0f images/s, %,d MiB on the GPU%n",
          "the whole step", 1e3 * step, 1e3 * batch / step, StepProfile.bytes(plan) >> 20);
    }
  }

  private void printLab(CudaBackend device) {
    System.out.printf(
        "%nConvolution 3x3, 256 to 128 channels, 16x16 pixels, %d images%n%-16s %-44s %10s %10s %8s %9s%n",
        batch, "operation", "variant", "us", "GFLOP/s", "GB/s", "speed-up");
    double first = 0;
    String operation = "";
    for (LabBench.Line line : LabBench.run(device, batch, REPETITIONS)) {
      first = line.operation().equals(operation) ? first : line.milliseconds();
      operation = line.operation();
      System.out.printf(
          "%-16s %-44s %10.1f %,10.0f %,8.0f %8.1fx%n",
          operation,
          line.variant(),
          1e3 * line.milliseconds(),
          line.gigaflops(),
          line.gigabytes(),
          first / line.milliseconds());
    }
  }
}
