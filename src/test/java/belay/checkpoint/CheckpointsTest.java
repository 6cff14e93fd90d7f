package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path directory;
  private Checkpoints checkpoints;

  @BeforeEach
  void open() {
    checkpoints = new Checkpoints(directory);
  }

  private void save(int epoch, int position, long step) throws IOException {
    Checkpoint checkpoint = SampleCheckpoint.at(epoch, position, step);
    CheckpointFile.write(checkpoints.file(checkpoint.name()), checkpoint, Fence.NONE);
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Files.createFile(directory.resolve(name));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return List.copyOf(
          files
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  @Test
  void namesTellEpochAndStep() {
    assertEquals("ckpt-0012.h5", SampleCheckpoint.afterEpoch(12).name().toString());
    assertEquals("ckpt-0012-00004712.h5", SampleCheckpoint.at(12, 5, 4712).name().toString());
  }

  @Test
  void listsTheNewestFirstAndNothingElse() throws IOException {
    touch("ckpt-0002.h5", "ckpt-0002-00000120.h5", "ckpt-0002-00000090.h5", "ckpt-0010.h5");
    touch("ckpt-12345.h5", "notes.txt", ".ckpt-0011.h5.partial", "ckpt-00003.h5", "ckpt-3.h5");
    assertEquals(
        List.of(
            "ckpt-12345.h5",
            "ckpt-0010.h5",
            "ckpt-0002-00000120.h5",
            "ckpt-0002-00000090.h5",
            "ckpt-0002.h5"),
        checkpoints.list().stream().map(CheckpointName::toString).toList());
  }

  @Test
  void fallsBackPastDamagedFiles() throws IOException {
    save(1, 0, 79);
    save(2, 0, 158);
    save(2, 32, 160);
    truncate("ckpt-0002-00000160.h5", 900);
    truncate("ckpt-0002.h5", 0);
    Checkpoints.Saved saved = checkpoints.newestValid().get();
    assertEquals(directory.resolve("ckpt-0001.h5"), saved.file());
    assertEquals(1, saved.checkpoint().progress().epoch());
  }

  private void truncate(String name, int length) throws IOException {
    Path file = directory.resolve(name);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
  }

  @Test
  void damagedFilesAreSetAsideAndDoNotCountAsKept() throws IOException {
    save(1, 0, 79);
    save(2, 0, 158);
    truncate("ckpt-0002.h5", 1000);
    checkpoints.newestValid();
    save(1, 40, 82); // the state at a stop within epoch 2
    checkpoints.prune(3, 0);
    assertEquals("ckpt-0001-00000082.h5", checkpoints.list().get(0).toString());
    assertTrue(Files.exists(directory.resolve("ckpt-0002.h5.damaged")));
  }

  @Test
  void refusesToBeginAnewWhereEveryFileIsDamaged() throws IOException {
    save(1, 0, 79);
    truncate("ckpt-0001.h5", 1000);
    DataException refusal = assertThrows(DataException.class, () -> checkpoints.newestValid());
    assertTrue(refusal.getMessage().contains("None of the 1 checkpoints"), refusal.getMessage());
    assertTrue(Files.exists(directory.resolve("ckpt-0001.h5")));
  }

  @Test
  void anEmptyOrMissingDirectoryHasNone() {
    assertEquals(Optional.empty(), checkpoints.newestValid());
    assertEquals(List.of(), new Checkpoints(directory.resolve("none")).list());
  }

  @Test
  void prunesAllButTheLastTheBestAndTheRunningEpoch() throws IOException {
    touch("ckpt-0001.h5", "ckpt-0002.h5", "ckpt-0003.h5", "ckpt-0004.h5", "ckpt-0005.h5");
    touch("ckpt-0004-00000400.h5", "ckpt-0005-00000500.h5", "ckpt-0005-00000510.h5");
    touch("ckpt-0005-00000520.h5", ".ckpt-0005-00000530.h5.partial", "notes.txt");
    checkpoints.prune(2, 2);
    assertEquals(
        List.of(
            "ckpt-0002.h5",
            "ckpt-0004.h5",
            "ckpt-0005-00000510.h5",
            "ckpt-0005-00000520.h5",
            "ckpt-0005.h5",
            "notes.txt"),
        files());
  }

  @Test
  void pruningWithoutEpochsKeepsTheRunningOne() throws IOException {
    touch("ckpt-0000.h5", "ckpt-0000-00000010.h5");
    checkpoints.prune(1, 0);
    assertTrue(files().containsAll(List.of("ckpt-0000.h5", "ckpt-0000-00000010.h5")));
  }
}
