package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DeviceException;
import belay.svm.host.MemoryPlan.Keep;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 50,000 samples of 10 classes: a problem's matrix has 382 MiB, the ten squares 954 MiB. */
class KernelBudgetTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final int FEATURES = 8_192; // 1,563 MiB

  private final ClassOrder order =
      ClassOrder.of(IntStream.range(0, 50_000).map(i -> i % 10).toArray());

  @Test
  void aLargeHeapGivesWhatWasAskedFor() {
    assertEquals(new MemoryPlan(3, Keep.SQUARES, 2_200 * MIB), plan(2_200 * MIB, 64 * GIB));
  }

  @Test
  void moreThanThePlanCanUseIsNotWanted() {
    for (long asked : new long[] {60 * GIB, 0}) { // 0: what is free
      MemoryPlan plan = plan(asked, 64 * GIB);
      assertEquals(Keep.ALL, plan.keep());
      assertTrue(plan.bytes() < 10 * GIB, plan.toString());
    }
  }

  @Test
  void aSmallHeapCapsTheKernels() {
    MemoryPlan plan = plan(2 * GIB, 1_600 * MIB);
    assertTrue(plan.bytes() > 1_550 * MIB && plan.bytes() < 1_600 * MIB, plan.toString());
    assertEquals(1, plan.threads());
  }

  @Test
  void supportVectorsMustFitWhereTheKernelsWere() {
    String message =
        assertThrows(DeviceException.class, () -> plan(1 * MIB, 1_500 * MIB)).getMessage();
    assertTrue(message.contains("needs 1,576 MiB more"), message);
    assertTrue(message.contains("1,500 of 4,000 MiB are free"), message);
    assertTrue(message.endsWith("java -Xmx4093m or more."), message);
  }

  @Test
  void theHeapItNamesIsEnough() {
    long used = 1_700 * MIB;
    Heap small = Heap.of(3_000 * MIB, used);
    String message =
        assertThrows(DeviceException.class, () -> budget(2 * GIB).plan(small)).getMessage();
    long named = Long.parseLong(message.replaceAll(".*-Xmx(\\d+)m.*", "$1"));
    assertTrue(budget(2 * GIB).plan(Heap.of(named * MIB, used)).bytes() < 2 * GIB);
  }

  private MemoryPlan plan(long asked, long free) {
    return budget(asked).plan(new Heap(4_000 * MIB, free));
  }

  private KernelBudget budget(long asked) {
    return new KernelBudget(order, FEATURES, asked, 4);
  }
}
