package belay.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  private static final int DRAWS = 100_000;
  private final Philox random = new Philox(7, Philox.Purpose.WEIGHTS);

  @Test
  void givesTheKnownAnswerForZeros() {
    assertArrayEquals(
        new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        new Philox(0, 0).block(0, 0, 0, 0));
  }

  @Test
  void givesTheKnownAnswerForOnes() {
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        new Philox(-1, -1).block(-1, -1, -1, -1));
  }

  @Test
  void givesTheKnownAnswerForTheDigitsOfPi() {
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        new Philox(0xa4093822, 0x299f31d0).block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
  }

  @Test
  void everyBitOfSeedStreamAndIndexMatters() {
    Set<Long> values = new HashSet<>();
    values.add(random.bits(0, 0));
    for (int bit = 0; bit < 64; bit++) {
      values.add(random.bits(1L << bit, 0));
      values.add(random.bits(0, 1L << bit));
      values.add(new Philox(7 ^ 1L << bit, Philox.Purpose.WEIGHTS).bits(0, 0));
    }
    assertEquals(1 + 3 * 64, values.size());
  }

  @Test
  void purposesHaveStreamsOfTheirOwn() {
    Set<Long> values = new HashSet<>();
    for (Philox.Purpose purpose : Philox.Purpose.values()) {
      values.add(new Philox(7, purpose).bits(0, 0));
    }
    assertEquals(Philox.Purpose.values().length, values.size());
  }

  @Test
  void uniformValuesFillTheUnitInterval() {
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      float value = random.uniform(3, i);
      assertTrue(value >= 0 && value < 1, () -> value + " is outside [0, 1)");
      sum += value;
    }
    // The mean of 100,000 has a deviation of 0.0009; the draws are fixed.
    assertEquals(0.5, sum / DRAWS, 0.005);
  }

  @Test
  void normalValuesHaveMeanZeroAndVarianceOne() {
    double sum = 0;
    double squares = 0;
    int beyondTwo = 0;
    for (int i = 0; i < DRAWS; i++) {
      float value = random.normal(4, i);
      assertTrue(Float.isFinite(value));
      sum += value;
      squares += value * value;
      beyondTwo += Math.abs(value) > 2 ? 1 : 0;
    }
    assertEquals(0, sum / DRAWS, 0.02);
    assertEquals(1, squares / DRAWS, 0.03);
    assertEquals(0.0455, beyondTwo / (double) DRAWS, 0.004);
  }

  @Test
  void boundedValuesAreEvenlyFrequent() {
    int[] counts = new int[10];
    for (int i = 0; i < DRAWS; i++) {
      counts[random.below(10, 5, i)]++;
    }
    for (int count : counts) {
      assertEquals(DRAWS / 10, count, 500);
    }
  }

  @Test
  void boundsOfOneAndOfTheLargestIntHold() {
    for (int i = 0; i < 1_000; i++) {
      assertEquals(0, random.below(1, 6, i));
      assertTrue(random.below(Integer.MAX_VALUE, 6, i) >= 0);
    }
    assertNotEquals(random.below(Integer.MAX_VALUE, 6, 0), random.below(Integer.MAX_VALUE, 6, 1));
  }
}
