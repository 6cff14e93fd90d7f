import belay.backend.Precision;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.augment.Augmentation;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Statistic;
import belay.net.TrainState;
import belay.run.NetworkSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Training steps of a network that classifies, for src/bench/python/agreement.py to make the same:
 * {@code StepTrace NETWORK BATCH STEPS RATE DIRECTORY}. fp32, one shard, SGD with Nesterov's
 * momentum 0.9, decay 0.0005 and smoothing 0.1. The directory receives pixels.bin [images, 3, 32,
 * 32] bytes, layout.txt (name, offset, shape of each parameter and statistic), losses.txt, and in
 * float32 weights-T.bin and momentum-T.bin before the first step (T = 0), after it and after the
 * last.
 */
public final class StepTrace {
  private static final int CLASSES = 10;

  private StepTrace() {}

  public static void main(String[] args) throws IOException {
    Network network = NetworkSource.load(args[0]);
    int batch = Integer.parseInt(args[1]);
    int steps = Integer.parseInt(args[2]);
    float rate = Float.parseFloat(args[3]);
    Path to = Files.createDirectories(Path.of(args[4]));
    ImageSet images = images(batch * steps);
    Files.write(to.resolve("pixels.bin"), images.pixels());
    Files.writeString(to.resolve("layout.txt"), layout(network));
    UpdateRule rule =
        new UpdateRule.Sgd(0.9f, true, new UpdateRule.Decay(5e-4f, 0, UpdateRule.Reach.ALL));
    TrainSpec spec =
        new TrainSpec(
            batch,
            1,
            0.1f,
            Augmentation.NONE,
            1,
            rule,
            TrainSpec.Clipping.NONE,
            TrainSpec.Average.NONE,
            Precision.FP32);
    TrainState start =
        TrainState.initial(network, Initializer.UNIFORM.initialize(network, 1), spec.slots());
    write(to, 0, start);
    StringBuilder losses = new StringBuilder();
    try (CudaBackend device = new CudaBackend(new CudaSettings(0, "auto", Precision.FP32));
        TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      for (int step = 1; step <= steps; step++) {
        int first = (step - 1) * batch;
        plan.resetTally();
        plan.step(IntStream.range(first, first + batch).toArray(), new StepScalars(rate));
        losses.append(plan.tally().loss()).append('\n');
        if (step == 1 || step == steps) {
          write(to, step, plan.snapshot());
        }
      }
    }
    Files.writeString(to.resolve("losses.txt"), losses);
  }

  /** Images i of class i modulo 10, random but for a shade of their class. */
  private static ImageSet images(int count) {
    byte[] pixels = new byte[count * ImageFormat.CIFAR10.imageBytes()];
    Random random = new Random(1);
    byte[] labels = new byte[count];
    for (int at = 0; at < pixels.length; at++) {
      int image = at / ImageFormat.CIFAR10.imageBytes();
      labels[image] = (byte) (image % CLASSES);
      pixels[at] = (byte) (random.nextInt(160) + 9 * labels[image]);
    }
    return new ImageSet(ImageFormat.CIFAR10, pixels, labels);
  }

  private static String layout(Network network) {
    StringBuilder lines = new StringBuilder();
    for (Parameter parameter : network.program().parameters()) {
      lines.append(line(parameter.name(), parameter.offset(), parameter.shape().toString()));
    }
    for (Statistic statistic : network.program().statistics()) {
      lines.append(line(statistic.name(), statistic.offset(), "[" + statistic.size() + "]"));
    }
    return lines.toString();
  }

  private static String line(String name, int offset, String shape) {
    return name + " " + offset + " " + shape.replaceAll("[\\[\\] ]", "") + "\n";
  }

  private static void write(Path to, int step, TrainState state) throws IOException {
    write(to.resolve("weights-" + step + ".bin"), state.weights());
    write(to.resolve("momentum-" + step + ".bin"), state.slot(Slot.FIRST_MOMENT));
  }

  private static void write(Path file, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }
}
