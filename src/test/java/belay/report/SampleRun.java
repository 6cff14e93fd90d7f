package belay.report;

import belay.view.ConfusionMatrix;
import belay.view.Epochs;
import belay.view.GpuTime;
import belay.view.Judgement;
import belay.view.Measure;
import belay.view.Mosaic;
import belay.view.NetworkView;
import belay.view.Outcome;
import belay.view.Picture;
import belay.view.Reconstructions;
import belay.view.RunView;
import belay.view.StageView;
import belay.view.Standing;
import belay.view.StepView;
import belay.view.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A run for pages, without files. */
public final class SampleRun {
  static final Instant BEGIN = Instant.parse("2026-03-01T08:00:00Z");

  private SampleRun() {}

  static RunView named(String name, int epochs) {
    Picture picture =
        new Mosaic(32, 32, 8, 2).add(noise(name.hashCode())).picture("noise of " + name);
    return new RunView(
        name,
        "/runs/" + name,
        new Standing(Outcome.DONE, "classify", epochs, epochs, epochs * 100L, BEGIN, ""),
        Map.of("train.batch", "128", "train.epochs", Integer.toString(epochs)),
        epochs(epochs),
        works(),
        List.of(new StageView("train", Outcome.DONE, "7 min in 3 attempts", "checkpoints", true)),
        Optional.of(network()),
        Optional.of(
            new Reconstructions(
                List.of("cat"),
                picture,
                List.of(new Reconstructions.Row("epoch 1", 0.01, picture)))),
        Optional.of(picture),
        Optional.of(
            new Judgement(
                new ConfusionMatrix(List.of("cat", "dog"), new int[][] {{7, 3}, {1, 9}}),
                List.of(new Judgement.Pair("cat", "dog", 3, Optional.of(picture))),
                "")),
        Optional.of(
            new StepView(
                "a processor",
                128,
                0.5,
                List.of(new StepView.Operation("jit", "enc1", "forward", 0.3, 1e9)))),
        List.of(new RunView.Facts("ckpt.h5", Map.of("host", name))),
        Optional.of("java -jar belay.jar train"),
        List.of());
  }

  static Epochs epochs(int count) {
    Map<Measure, double[]> columns = new EnumMap<>(Measure.class);
    int[] numbers = new int[count];
    for (Measure measure : Measure.values()) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = i + 1;
        values[i] = (1 + measure.ordinal()) / (10.0 + i);
      }
      columns.put(measure, values);
    }
    Map<String, double[]> ratios = new LinkedHashMap<>();
    for (String layer : List.of("enc1", "enc2", "dec1", "dec2", "dec3")) {
      ratios.put(layer + "/w", columns.get(Measure.TEST_LOSS).clone());
      ratios.put(layer + "/b", columns.get(Measure.TRAIN_LOSS).clone());
    }
    return new Epochs(numbers, columns, ratios, Double.NaN);
  }

  static Work work(int attempt, long begin, long end, Outcome outcome) {
    return new Work(
        attempt,
        "train",
        "node7",
        "slurm 4711",
        "0.1.0",
        BEGIN.plusSeconds(begin),
        BEGIN.plusSeconds(end),
        outcome,
        "",
        attempt,
        100L * attempt,
        GpuTime.NONE);
  }

  private static List<Work> works() {
    return List.of(
        work(1, 0, 120, Outcome.KILLED),
        work(2, 130, 240, Outcome.STOPPED),
        work(3, 90_000, 90_200, Outcome.DONE));
  }

  private static NetworkView network() {
    return new NetworkView(
        "small",
        "0123",
        List.of(
            new NetworkView.Layer(
                "input", "input", List.of(), 32, 32, 3, NetworkView.Weights.NONE, false),
            new NetworkView.Layer(
                "enc1",
                "conv 3×3",
                List.of(0),
                32,
                32,
                16,
                new NetworkView.Weights(448, true),
                false),
            new NetworkView.Layer(
                "relu", "ReLU", List.of(1), 32, 32, 16, NetworkView.Weights.NONE, false),
            new NetworkView.Layer(
                "pool", "max-pool 2", List.of(2), 16, 16, 16, NetworkView.Weights.NONE, true)),
        448,
        4096,
        "input 32x32x3");
  }

  /** Two convolutions, whose second one's normalised output is added to the image. */
  static NetworkView branching() {
    return new NetworkView(
        "branching",
        "4567",
        List.of(
            layer("input", "input", List.of(), NetworkView.Weights.NONE),
            layer("a", "conv 3×3", List.of(0), new NetworkView.Weights(84, true)),
            layer("b", "conv 3×3", List.of(1), new NetworkView.Weights(84, true)),
            layer("norm", "batch norm", List.of(2), new NetworkView.Weights(6, false)),
            layer("sum", "add", List.of(3, 0), NetworkView.Weights.NONE)),
        174,
        192,
        "input 8x8x3");
  }

  private static NetworkView.Layer layer(
      String name, String operation, List<Integer> reads, NetworkView.Weights weights) {
    return new NetworkView.Layer(name, operation, reads, 8, 8, 3, weights, false);
  }

  /** Compresses no better than photographs do. */
  public static byte[] noise(long seed) {
    byte[] rgb = new byte[32 * 32 * 3];
    new Random(seed).nextBytes(rgb);
    return rgb;
  }

  static List<RunView> several(int runs, int epochs) {
    List<RunView> views = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      views.add(named("run-" + i, epochs));
    }
    return Collections.unmodifiableList(views);
  }
}
