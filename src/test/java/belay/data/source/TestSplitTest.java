package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSplitTest {
  private static int count(boolean[] marks) {
    int count = 0;
    for (boolean mark : marks) {
      count += mark ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @CsvSource({
    "100, 20, 20",
    "3, 20, 1",
    "2, 90, 1",
    "1, 90, 0",
    "0, 20, 0",
    "1000, 1, 10",
    "7, 50, 4"
  })
  void aShareOfEachClassButNeverAll(int images, int percent, int expected) {
    for (int label : new int[] {0, 1, 255}) {
      assertEquals(expected, count(new TestSplit(percent).choose(label, images)));
    }
  }

  /** Which images these are is part of every result: it must never change. */
  @Test
  void theChoiceIsFixed() {
    boolean[] first = new TestSplit(20).choose(0, 20);
    boolean[] second = new TestSplit(20).choose(1, 20);
    assertEquals("[10000010010000000001]", text(first));
    assertEquals("[01000010000010000010]", text(second));
  }

  private static String text(boolean[] marks) {
    StringBuilder text = new StringBuilder();
    for (boolean mark : marks) {
      text.append(mark ? '1' : '0');
    }
    return "[" + text + "]";
  }

  @Test
  void otherClassesDoNotMatter() {
    byte[] labels = new byte[60];
    for (int i = 0; i < 60; i++) {
      labels[i] = (byte) (i * 7 % 3);
    }
    boolean[] all = new TestSplit(25).choose(labels);
    for (int label = 0; label < 3; label++) {
      boolean[] alone = new TestSplit(25).choose(label, 20);
      boolean[] found = new boolean[20];
      int n = 0;
      for (int i = 0; i < 60; i++) {
        if (labels[i] == label) {
          found[n++] = all[i];
        }
      }
      assertArrayEquals(alone, found);
    }
    assertFalse(Arrays.equals(new TestSplit(25).choose(0, 20), new TestSplit(25).choose(2, 20)));
  }
}
