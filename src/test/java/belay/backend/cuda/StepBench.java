package belay.backend.cuda;

import belay.backend.Optimizer;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.TrainState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Prints step rates: NETWORK-FILE TIER PRECISION BATCH... ; -Dlaunches=true lists each launch. */
public final class StepBench {
  private StepBench() {}

  public static void main(String[] args) throws Exception {
    Network network = Network.parse("autoencoder", Files.readString(Path.of(args[0])));
    Precision precision = Precision.valueOf(args[2].toUpperCase(Locale.ROOT));
    ImageSet images = new RandomInputs(1).images(network, 4096);
    try (CudaBackend device = new CudaBackend(new CudaSettings(0, args[1], precision))) {
      System.out.println(device.describe() + " " + precision);
      for (int i = 3; i < args.length; i++) {
        bench(device, network, precision, images, Integer.parseInt(args[i]));
      }
    }
  }

  private static void bench(
      CudaBackend device, Network network, Precision precision, ImageSet images, int batch) {
    TrainSpec spec =
        new TrainSpec(
            batch,
            new Optimizer.Adam(0.9f, 0.999f, 1e-8f, 0, false),
            TrainSpec.Clipping.NONE,
            precision);
    TrainState start = TrainState.initial(Initializer.UNIFORM.initialize(network, 1), true);
    int[] rows = new RowOrder(1, batch).permutation(0);
    try (TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      double milliseconds = StepProfile.step(plan, rows, 60);
      System.out.printf(
          Locale.ROOT,
          "batch %5d  step %8.3f ms  %9.0f img/s  loss %.6f%n",
          batch,
          milliseconds,
          batch / milliseconds * 1e3,
          plan.meanLoss());
      if (Boolean.getBoolean("launches")) {
        for (StepProfile.Line line : StepProfile.launches(plan, rows, 20)) {
          System.out.printf(
              Locale.ROOT,
              "  %-34s %8.1f us %s%n",
              line.kernel(),
              line.milliseconds() * 1e3,
              line.operations() == 0 ? "" : "%6.1f TFLOP/s".formatted(line.rate()));
        }
      }
    }
  }
}
