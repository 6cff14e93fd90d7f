package belay.backend;

import belay.net.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws small networks of all operations; each is a text, so that a failure names what failed.
 * -Dbelay.test.seed=N draws others.
 */
final class RandomNetworks {
  private static final int[] SIDES = {4, 6, 8, 9};
  private static final int[] CHANNELS = {1, 3, 4, 7, 8, 16};
  private static final int[] KERNELS = {1, 2, 3, 3, 4, 5};
  private static final int[] STRIDES = {1, 1, 1, 1, 2, 3}; // mostly 1, so that values can be added
  private static final int LARGEST_SIDE = 12;

  private final Random random;
  private final List<String> lines = new ArrayList<>();
  private final List<Shape> values = new ArrayList<>(); // of the lines named v0, v1 ..
  private final Shape input;
  private int current; // number of the value that the next line reads

  private RandomNetworks(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbours' first numbers are alike
    int side = pick(SIDES);
    this.input = new Shape(side, side, 1 + random.nextInt(4));
    lines.add("input " + input);
  }

  static List<String> some(int count) {
    long first = Long.getLong("belay.test.seed", 1) * 1000;
    return IntStream.range(0, count).mapToObj(i -> of(first + i)).toList();
  }

  private static String of(long seed) {
    return new RandomNetworks(seed).text();
  }

  private String text() {
    stem();
    int operations = 4 + random.nextInt(8);
    int latent = random.nextInt(operations);
    for (int i = 0; i < operations; i++) {
      current = random.nextInt(4) == 0 ? random.nextInt(values.size()) : current;
      operation();
      if (i == latent) {
        lines.add("latent from=v" + current);
      }
    }
    end();
    return String.join("; ", lines);
  }

  private Shape here() {
    return values.get(current);
  }

  private void operation() {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> conv();
      case 3 -> same("relu");
      case 4 -> same(pick("gelu", "silu", "leaky-relu", "leaky-relu slope=0.2"));
      case 5, 6 -> same("batchnorm");
      case 7, 8 -> add();
      case 9 -> pool();
      case 10 -> resize();
      default -> same("dropout 0." + (1 + random.nextInt(5)));
    }
  }

  /** As large as the image, so that a later value can be added to it. */
  private void stem() {
    int channels = pick(CHANNELS);
    define("conv " + channels, with(input, channels));
  }

  private void conv() {
    int kernel = Math.min(pick(KERNELS), here().height());
    int stride = pick(STRIDES);
    int padding = random.nextInt(4) > 0 ? (kernel - 1) / 2 : random.nextInt(kernel);
    int channels = pick(CHANNELS);
    String bias = random.nextBoolean() ? "" : " bias=no";
    define(
        "conv %d kernel=%d stride=%d padding=%d%s"
            .formatted(channels, kernel, stride, padding, bias),
        with(over(here(), kernel, stride, padding), channels));
  }

  private void same(String line) {
    define(line, here());
  }

  /** With another value of the same shape; or, where there is none and sometimes, with itself. */
  private void add() {
    int[] others =
        IntStream.range(0, values.size())
            .filter(i -> i != current && values.get(i).equals(here()))
            .toArray();
    boolean itself = others.length == 0 || random.nextInt(5) == 0;
    define("add v" + (itself ? current : pick(others)), here());
  }

  private void pool() {
    if (here().height() == 1) {
      return;
    }
    int kernel = 2 + random.nextInt(Math.min(3, here().height() - 1));
    int stride = 1 + random.nextInt(3);
    int padding = random.nextInt(kernel / 2 + 1);
    Shape out = over(here(), kernel, stride, padding);
    String kind = pick("maxpool", "averagepool");
    define("%s %d stride=%d padding=%d".formatted(kind, kernel, stride, padding), out);
  }

  private void resize() {
    if (here().height() * 2 <= LARGEST_SIDE) {
      define("upsample 2", new Shape(here().height() * 2, here().width() * 2, here().channels()));
    } else if (random.nextBoolean()) {
      define("globalaveragepool", new Shape(1, 1, here().channels()));
    } else {
      int outputs = pick(CHANNELS);
      define("linear " + outputs, new Shape(1, 1, outputs));
    }
  }

  /** Back to the image's shape. */
  private void end() {
    if (input.height() % here().height() != 0) {
      define("globalaveragepool", new Shape(1, 1, here().channels()));
    }
    int factor = input.height() / here().height();
    if (factor > 1) {
      define("upsample " + factor, with(input, here().channels()));
    }
    define("conv " + input.channels(), input);
  }

  private void define(String line, Shape shape) {
    if (shape.height() < 1 || shape.height() > LARGEST_SIDE) {
      return;
    }
    String from = values.isEmpty() ? "" : " from=v" + current;
    lines.add(line + from + " name=v" + values.size());
    values.add(shape);
    current = values.size() - 1;
  }

  private static Shape with(Shape shape, int channels) {
    return new Shape(shape.height(), shape.width(), channels);
  }

  private static Shape over(Shape in, int kernel, int stride, int padding) {
    int side = (in.height() + 2 * padding - kernel) / stride + 1;
    return new Shape(side, side, in.channels());
  }

  private int pick(int[] choice) {
    return choice[random.nextInt(choice.length)];
  }

  private String pick(String... choice) {
    return choice[random.nextInt(choice.length)];
  }
}
