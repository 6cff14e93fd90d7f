package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.reference.ReferenceKernelRows;
import belay.error.StoppedException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KernelSourceTest {
  private static final int FEATURES = 20;

  private static final Range A = new Range(3, 70);
  private static final Range B = new Range(80, 66);

  private final KernelRows rows = open(scaled(Samples.blobs(1, FEATURES, 150).features()));
  private final SampleKernel kernel =
      new SampleKernel(rows, 16, 32, true, new StopCheck(() -> false));

  @Test
  void allSourcesHoldTheSameValues() {
    float[] diagonal = new float[A.count() + B.count()];
    float[][] aa = StoredKernel.square(kernel, A);
    float[][] bb = StoredKernel.square(kernel, B);
    KernelSource shared = StoredKernel.of(kernel, A, B, aa, bb, diagonal);
    KernelSource stored = StoredKernel.of(kernel, A, B, null, null, diagonal);
    KernelSource gathered = new GatheredKernel(StoredKernel.all(kernel, 150), A, B, diagonal);
    KernelSource recent = new RecentKernel(kernel, A, B, 1, diagonal);
    KernelSource groups = new RecentKernel(kernel, A, B, 33 * 4 * diagonal.length, diagonal);
    int[] positions = IntStream.concat(range(A), range(B)).toArray();
    for (int i = 0; i < positions.length; i++) {
      float[] expected = new float[positions.length];
      float[] value = new float[1];
      for (int j = 0; j < positions.length; j++) {
        rows.block(positions[i], 1, positions[j], 1, value);
        expected[j] = value[0];
      }
      assertArrayEquals(expected, shared.row(i));
      assertArrayEquals(expected, stored.row(i));
      assertArrayEquals(expected, gathered.row(i));
      assertArrayEquals(expected, recent.row(i));
      assertArrayEquals(expected, groups.row(i));
      assertEquals(1, expected[i]);
      assertEquals(1, kernel.diagonal(150)[positions[i]]);
    }
  }

  @Test
  void theDiagonalOfALinearKernelHoldsSquaredLengths() {
    FloatMatrix samples = scaled(Samples.blobs(1, FEATURES, 150).features());
    KernelRows linear = new ReferenceKernelRows(samples, samples, new KernelFunction.Linear());
    float[] diagonal =
        new SampleKernel(linear, 64, 64, false, new StopCheck(() -> false)).diagonal(150);
    for (int i = 0; i < 150; i++) {
      float[] value = new float[1];
      linear.block(i, 1, i, 1, value);
      assertEquals(value[0], diagonal[i]);
    }
  }

  @Test
  void gatheredRowsLastUntilTheSecondNextCall() {
    KernelSource gathered = new GatheredKernel(StoredKernel.all(kernel, 150), A, B, new float[0]);
    float[] zero = gathered.row(0);
    float[] copy = zero.clone();
    gathered.row(1);
    assertArrayEquals(copy, zero);
  }

  @Test
  void theLastTwoRowsStayWhatTheyAre() {
    RecentKernel recent = new RecentKernel(kernel, A, B, 1, new float[0]);
    float[] zero = recent.row(0);
    float[] copy = zero.clone();
    recent.row(1);
    assertArrayEquals(copy, zero);
    assertSame(zero, recent.row(0));
    recent.row(2);
    assertSame(zero, recent.row(0));
    assertArrayEquals(copy, zero);
  }

  @Test
  void noThreadBeginsATileAfterTheStopSignal() throws InterruptedException {
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicInteger late = new AtomicInteger();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    KernelRows slow =
        (Open)
            (left, leftCount, right, rightCount, out) -> {
              late.addAndGet(stopped.get() ? 1 : 0);
              inside.countDown();
              try {
                leave.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            };
    SampleKernel kernel = new SampleKernel(slow, 64, 64, false, new StopCheck(stopped::get));
    List<Thread> threads =
        Stream.generate(() -> new Thread(() -> stoppable(kernel))).limit(4).toList();
    threads.forEach(Thread::start);
    inside.await();
    while (threads.stream().filter(t -> t.getState() == Thread.State.BLOCKED).count() < 3) {
      Thread.onSpinWait();
    }
    stopped.set(true);
    leave.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, late.get());
  }

  private static void stoppable(SampleKernel kernel) {
    try {
      kernel.diagonal(1);
    } catch (StoppedException e) {
      // as it should
    }
  }

  /** A kernel that has nothing to close. */
  private interface Open extends KernelRows {
    @Override
    default void close() {}
  }

  private static FloatMatrix scaled(FloatMatrix samples) {
    Scaling scaling = Samples.scaler(samples);
    scaling.apply(scaling.fit());
    return samples;
  }

  private static KernelRows open(FloatMatrix samples) {
    return new ReferenceKernelRows(samples, samples, new KernelFunction.Rbf(0.05));
  }

  private static IntStream range(Range range) {
    return IntStream.range(range.first(), range.end());
  }
}
