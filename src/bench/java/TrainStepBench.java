import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.onednn.OnednnBackend;
import belay.backend.reference.ReferenceBackend;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.TrainState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Whole training steps (forward, loss, backward, Adam) on random images; prints images per second
 * at the median step. Runs from its source: java -cp target/belay.jar TrainStepBench.java NETWORK
 * BACKEND BATCH PRECISION THREADS STEPS
 */
final class TrainStepBench {
  private static final UpdateRule ADAM = new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false);

  public static void main(String[] args) throws Exception {
    Network network = Network.parse("bench", Files.readString(Path.of(args[0])));
    int batch = Integer.parseInt(args[2]);
    Precision precision = Precision.valueOf(args[3].toUpperCase(Locale.ROOT));
    int steps = Integer.parseInt(args[5]);
    ImageSet images = images(batch);
    TrainSpec spec =
        new TrainSpec(
            batch, TrainSpec.usualShards(batch), 1, ADAM, TrainSpec.Clipping.NONE, precision);
    float[] weights = Initializer.UNIFORM.initialize(network, 1);
    try (Backend backend = backend(args[1], Integer.parseInt(args[4]));
        TrainPlan plan =
            backend.compileTraining(
                network,
                spec,
                images,
                images,
                TrainState.initial(network, weights, ADAM.slots()))) {
      double seconds = medianStep(plan, batch, steps);
      System.out.printf(Locale.ROOT, "%.2f%n", batch / seconds);
    }
  }

  private static Backend backend(String name, int threads) {
    return name.equals("reference") ? new ReferenceBackend() : new OnednnBackend(threads);
  }

  private static ImageSet images(int count) {
    byte[] pixels = new byte[count * ImageFormat.CIFAR10.imageBytes()];
    new Random(1).nextBytes(pixels);
    return new ImageSet(ImageFormat.CIFAR10, pixels, new byte[count]);
  }

  /** Two steps to warm up are not counted. */
  private static double medianStep(TrainPlan plan, int batch, int steps) {
    int[] rows = new int[batch];
    Arrays.setAll(rows, i -> i);
    double[] seconds = new double[steps];
    for (int i = -2; i < steps; i++) {
      long begin = System.nanoTime();
      plan.step(rows, new StepScalars(1e-4f));
      plan.tally(); // waits
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - begin) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[steps / 2];
  }
}
