import belay.backend.EncodePlan;
import belay.backend.Precision;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.backend.cuda.net.StepProfile;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import belay.run.NetworkSource;
import java.util.Locale;
import java.util.Random;

/**
 * Step rates on the GPU: {@code GpuStepBench NETWORK-FILE TIER PRECISION BATCH...} prints for each
 * batch: batch, training images/s, encoder images/s, device memory in GiB. -Dlaunches=true lists
 * every launch of a step, -Drepetitions=N takes medians of N instead of 60, -Dmuon=true trains as
 * conf/run/airbench94 does.
 */
public final class GpuStepBench {
  private static final int IMAGES = 8192;

  private static final int REPETITIONS = Integer.getInteger("repetitions", 60);

  private GpuStepBench() {}

  public static void main(String[] args) throws Exception {
    Network network = NetworkSource.load(args[0]);
    Precision precision = Precision.valueOf(args[2].toUpperCase(Locale.ROOT));
    byte[] pixels = new byte[IMAGES * ImageFormat.CIFAR10.imageBytes()];
    new Random(1).nextBytes(pixels);
    byte[] labels = new byte[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = (byte) (i % 10);
    }
    ImageSet images = new ImageSet(ImageFormat.CIFAR10, pixels, labels);
    try (CudaBackend device = new CudaBackend(new CudaSettings(0, args[1], precision))) {
      System.err.println(device.describe());
      for (int i = 3; i < args.length; i++) {
        bench(device, network, precision, images, Integer.parseInt(args[i]));
      }
    }
  }

  private static void bench(
      CudaBackend device, Network network, Precision precision, ImageSet images, int batch) {
    UpdateRule rule = rule(network);
    TrainSpec spec =
        new TrainSpec(
            batch, TrainSpec.usualShards(batch), 1, rule, TrainSpec.Clipping.NONE, precision);
    float[] weights = Initializer.UNIFORM.initialize(network, 1);
    int[] rows = new RowOrder(1, batch).permutation(0);
    try (TrainPlan plan =
            device.compileTraining(
                network, spec, images, images, TrainState.initial(network, weights, rule.slots()));
        EncodePlan encoder = device.compileEncoding(network, Mark.LATENT, batch, images, weights)) {
      double step = StepProfile.step(plan, rows, REPETITIONS);
      double encoding = StepProfile.encoding(encoder, batch, REPETITIONS);
      System.out.printf(
          Locale.ROOT,
          "%d %.0f %.0f %.2f%n",
          batch,
          batch / step * 1e3,
          batch / encoding * 1e3,
          StepProfile.bytes(plan) / (double) (1 << 30));
      if (Boolean.getBoolean("launches")) {
        StepProfile.launches(plan, rows, 20).forEach(GpuStepBench::print);
      }
    }
  }

  /** What such networks are trained by. */
  private static UpdateRule rule(Network network) {
    if (Boolean.getBoolean("muon")) {
      UpdateRule others = new UpdateRule.Sgd(0.85f, true, UpdateRule.Decay.NONE);
      UpdateRule.Muon.Form form = new UpdateRule.Muon.Form(false, 3, true);
      return new UpdateRule.Muon(0.6f, form, others, UpdateRule.Decay.NONE);
    }
    return network.program().classifies()
        ? new UpdateRule.Sgd(0.9f, true, new UpdateRule.Decay(5e-4f, 0, UpdateRule.Reach.ALL))
        : new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false);
  }

  private static void print(StepProfile.Line line) {
    String rate = line.operations() == 0 ? "" : "%6.1f TFLOP/s".formatted(line.rate());
    System.out.printf(
        Locale.ROOT,
        "  %-24s %-8s %-46s %8.1f us %s%n",
        line.layer(),
        line.pass(),
        line.kernel(),
        line.milliseconds() * 1e3,
        rate);
  }
}
