package belay.random;

/**
 * Philox4x32-10, a counter-based random number generator: each value is a pure function of a 64-bit
 * key and a 128-bit counter, so that any element of any stream can be drawn without its
 * predecessors, in any order and on any thread, with the same result.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
 * checked against the known-answer vectors of the authors' Random123.
 */
public final class Philox {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final float FLOAT_UNIT = 0x1p-24f;

  private final int key0;
  private final int key1;

  /**
   * @param seed the user's seed
   * @param purpose what the numbers are for; streams of different purposes never meet
   */
  public Philox(long seed, Purpose purpose) {
    this((int) seed, (int) (seed >>> 32) ^ (purpose.ordinal() + 1) * 0x9E3779B1);
  }

  Philox(int key0, int key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Names of the independent streams that one seed feeds. The order is part of the result. */
  public enum Purpose {
    WEIGHTS,
    ROW_ORDER,
    SYNTHETIC_IMAGES,
    FOLDS,
    DROPOUT,
    TEST_SPLIT,
    HELD_OUT,
    AUGMENTATION
  }

  /** Both words of the key, the first one low, for devices that draw the same numbers. */
  public long key() {
    return key0 & 0xFFFFFFFFL | (long) key1 << 32;
  }

  /** Uniform 64-bit value number {@code index} of stream {@code stream}. */
  public long bits(long stream, long index) {
    int[] block = block((int) index, (int) (index >>> 32), (int) stream, (int) (stream >>> 32));
    return (block[0] & 0xFFFFFFFFL) | (long) block[1] << 32;
  }

  /** Uniform in [0, 1) with 24 random bits, value number {@code index} of stream {@code stream}. */
  public float uniform(long stream, long index) {
    return (bits(stream, index) >>> 40) * FLOAT_UNIT;
  }

  /** Standard normal by Box and Muller (1958), value number {@code index} of {@code stream}. */
  public float normal(long stream, long index) {
    long bits = bits(stream, index);
    double radius = StrictMath.sqrt(-2 * StrictMath.log(((bits >>> 32) + 1) * 0x1p-32));
    return (float) (radius * StrictMath.cos(2 * StrictMath.PI * (bits & 0xFFFFFFFFL) * 0x1p-32));
  }

  /** Uniform in [0, bound) without measurable bias: 64 random bits against at most 31. */
  public int below(int bound, long stream, long index) {
    return (int) Math.multiplyHigh(bits(stream, index) >>> 1, 2L * bound);
  }

  /** The ten-round bijection on one counter. */
  int[] block(int c0, int c1, int c2, int c3) {
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
      long product1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return new int[] {c0, c1, c2, c3};
  }
}
