package belay.data;

import belay.random.Philox;

/** One synthetic picture: where its figure stands, how large, in which colours. */
final class SyntheticImage {
  // Draws 0, 1, ... describe the picture; pixel p takes draw PIXELS + p.
  private static final long PIXELS = 1 << 10;
  private static final float TURN = (float) (2 * Math.PI);

  private final Philox random;
  private final long image;
  private final Figure figure;
  private final ImageFormat format;
  private long draws;

  private final float centreX;
  private final float centreY;
  private final float scale; // units of length, half the image's shorter side, to the figure's unit
  private final float cosine;
  private final float sine;
  private final Colour foreground;
  private final Colour near;
  private final Colour far;
  private final float gradientX;
  private final float gradientY;
  private final float opacity;
  private final float noise;

  SyntheticImage(long seed, long image, Figure figure, ImageFormat format) {
    this.random = new Philox(seed, Philox.Purpose.SYNTHETIC_IMAGES);
    this.image = image;
    this.figure = figure;
    this.format = format;
    boolean texture = figure.isTexture();
    centreX = texture ? between(-1, 1) : between(-0.25f, 0.25f);
    centreY = texture ? between(-1, 1) : between(-0.25f, 0.25f);
    scale = texture ? between(0.26f, 0.42f) : between(0.55f, 0.85f);
    float angle = between(-0.03f, 0.03f) * TURN;
    cosine = (float) StrictMath.cos(angle);
    sine = (float) StrictMath.sin(angle);
    float hue = (float) figure.ordinal() / format.classes() + 0.09f * normal();
    foreground = Colour.ofHue(hue, between(0.35f, 0.9f), between(0.6f, 1));
    float ground = between(0, 1);
    near = Colour.ofHue(ground, between(0.1f, 0.6f), between(0.1f, 0.65f));
    far = Colour.ofHue(ground + between(-0.2f, 0.2f), between(0.1f, 0.6f), between(0.1f, 0.65f));
    float direction = between(0, 1) * TURN;
    gradientX = 0.5f * (float) StrictMath.cos(direction);
    gradientY = 0.5f * (float) StrictMath.sin(direction);
    opacity = between(0.65f, 1);
    noise = between(0.01f, 0.08f);
  }

  /** Writes the picture's planes of red, green and blue from {@code offset} on. */
  void draw(byte[] pixels, int offset) {
    int height = format.height();
    int width = format.width();
    int plane = height * width;
    float unit = 2f / Math.min(height, width);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        float x = (column + 0.5f - width * 0.5f) * unit;
        float y = (row + 0.5f - height * 0.5f) * unit;
        Colour colour = colour(x, y, unit);
        int pixel = row * width + column;
        long grain = random.bits(image, PIXELS + pixel);
        pixels[offset + pixel] = value(colour.red(), grain);
        pixels[offset + plane + pixel] = value(colour.green(), grain >>> 21);
        pixels[offset + 2 * plane + pixel] = value(colour.blue(), grain >>> 42);
      }
    }
  }

  private Colour colour(float x, float y, float unit) {
    float dx = x - centreX;
    float dy = y - centreY;
    float inside =
        figure.inside((cosine * dx + sine * dy) / scale, (cosine * dy - sine * dx) / scale);
    float cover = clamp(0.5f + inside * scale / unit);
    Colour ground = near.mix(far, clamp(0.5f + gradientX * x + gradientY * y));
    return ground.mix(foreground, opacity * cover);
  }

  /** Adds the sum of three uniform values of 7 bits: nearly normal, deviation {@code noise}. */
  private byte value(float intensity, long grain) {
    long sum = (grain & 127) + (grain >>> 7 & 127) + (grain >>> 14 & 127);
    float deviation = (sum - 190.5f) / 64;
    return (byte) (255 * clamp(intensity + noise * deviation) + 0.5f);
  }

  private float between(float low, float high) {
    return low + (high - low) * random.uniform(image, draws++);
  }

  private float normal() {
    return random.normal(image, draws++);
  }

  private static float clamp(float value) {
    return Math.max(0, Math.min(1, value));
  }
}
