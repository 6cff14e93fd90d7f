package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import belay.hdf.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointWriterTest {
  @TempDir Path directory;
  private Checkpoints checkpoints;
  private final List<String> written = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    checkpoints = new Checkpoints(directory);
  }

  private void note(Path file, Checkpoint checkpoint) {
    written.add(file.getFileName().toString());
  }

  @Test
  void writesWhatIsSubmittedAndTellsSo() {
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, () -> {}, this::note)) {
      writer.submit(SampleCheckpoint.afterEpoch(1));
      writer.flush();
      assertEquals(List.of("ckpt-0001.h5"), written);
      writer.submit(SampleCheckpoint.afterEpoch(2));
    }
    assertEquals(List.of("ckpt-0001.h5", "ckpt-0002.h5"), written);
    CheckpointFileTest.assertSame(
        SampleCheckpoint.afterEpoch(2), checkpoints.newestValid().get().checkpoint());
  }

  @Test
  void countsWhatItWrites() {
    CheckpointWriter.Totals totals;
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, () -> {}, this::note)) {
      writer.submit(SampleCheckpoint.afterEpoch(1));
      writer.flush();
      assertEquals(0, writer.queue());
      totals = writer.totals();
    }
    assertEquals(1, totals.written());
    assertEquals(checkpoints.file(CheckpointName.ofEpoch(1)).toFile().length(), totals.bytes());
    assertEquals(0, totals.refusals());
    assertTrue(totals.seconds() > 0);
  }

  @Test
  void aNewerOneReplacesAWaitingOneFromWithinAnEpoch() {
    CountDownLatch disk = new CountDownLatch(1);
    try (CheckpointWriter writer = slow(disk)) {
      writer.submit(SampleCheckpoint.afterEpoch(1));
      waitUntilTaken();
      writer.submit(SampleCheckpoint.at(1, 10, 81));
      writer.submit(SampleCheckpoint.at(1, 20, 82));
      disk.countDown();
    }
    assertEquals(List.of("ckpt-0001.h5", "ckpt-0001-00000082.h5"), written);
  }

  @Test
  void anEpochsEndIsNeverDropped() throws InterruptedException {
    CountDownLatch disk = new CountDownLatch(1);
    try (CheckpointWriter writer = slow(disk)) {
      writer.submit(SampleCheckpoint.at(0, 10, 1));
      waitUntilTaken();
      writer.submit(SampleCheckpoint.afterEpoch(1));
      Thread trainer = new Thread(() -> writer.submit(SampleCheckpoint.at(1, 10, 81)));
      trainer.start();
      while (trainer.isAlive() && trainer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      disk.countDown();
      trainer.join();
    }
    assertEquals(
        List.of("ckpt-0000-00000001.h5", "ckpt-0001.h5", "ckpt-0001-00000081.h5"), written);
  }

  private CheckpointWriter slow(CountDownLatch disk) {
    return new CheckpointWriter(
        checkpoints,
        () -> {},
        (file, checkpoint) -> {
          note(file, checkpoint);
          try {
            disk.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private void waitUntilTaken() {
    while (written.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFullDiskDoesNotStopTrainingAndTheNextAttemptSucceeds() throws IOException {
    try (SmallDisk disk = new SmallDisk(directory, 100);
        CheckpointWriter writer = new CheckpointWriter(checkpoints, () -> {}, this::note)) {
      writer.submit(SampleCheckpoint.afterEpoch(1));
      writer.flush();
      disk.fill();
      writer.submit(SampleCheckpoint.afterEpoch(2));
      writer.flush();
      assertEquals(List.of("ckpt-0001.h5"), written);
      disk.resize(1000);
      writer.submit(SampleCheckpoint.afterEpoch(3));
      writer.flush();
      assertEquals(List.of("ckpt-0001.h5", "ckpt-0003.h5"), written);
    }
  }

  @Test
  void closeTriesARefusedOneAgain() throws IOException {
    try (SmallDisk disk = new SmallDisk(directory, 100)) {
      CheckpointWriter writer = new CheckpointWriter(checkpoints, () -> {}, this::note);
      disk.fill();
      writer.submit(SampleCheckpoint.afterEpoch(1));
      writer.flush();
      disk.resize(1000);
      writer.close();
      assertEquals(List.of("ckpt-0001.h5"), written);
    }
  }

  @Test
  void closeSaysThatTheLastOneIsNotSaved() throws IOException {
    try (SmallDisk disk = new SmallDisk(directory, 100)) {
      CheckpointWriter writer = new CheckpointWriter(checkpoints, () -> {}, this::note);
      disk.fill();
      writer.submit(SampleCheckpoint.afterEpoch(1));
      String message = assertThrows(DataException.class, writer::close).getMessage();
      assertTrue(message.contains("No space left on device"), message);
      assertEquals(List.of(), checkpoints.list());
    }
  }
}
