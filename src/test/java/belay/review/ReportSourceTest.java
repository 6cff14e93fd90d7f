package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.reference.ReferenceBackend;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.data.CifarLayout;
import belay.data.CifarWriter;
import belay.data.Dataset;
import belay.data.SyntheticImages;
import belay.error.DataException;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import belay.report.Report;
import belay.storage.Fence;
import belay.train.Progress;
import belay.view.Measure;
import belay.view.Outcome;
import belay.view.RunView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as they are found in the middle of things. */
class ReportSourceTest {
  private static final Network NETWORK =
      Network.parse("tiny", "input 8x8x3\nconv 4\nrelu\nmaxpool 2\nlatent\nupsample 2\nconv 3\n");

  @TempDir private Path directory;
  private Path run;

  @BeforeEach
  void makeARunThatWasKilled() throws Exception {
    SyntheticImages images = new SyntheticImages(1, 8, 8);
    Dataset dataset = images.dataset(20, 30);
    new CifarWriter(directory.resolve("data"), CifarLayout.standard(images.format()))
        .write(dataset);
    run = Files.createDirectories(directory.resolve("run"));
    Files.createDirectories(run.resolve("checkpoints"));
    Files.writeString(
        run.resolve("run.properties"),
        "data.dir = %s\ndata.height = 8\ndata.width = 8\ntrain.epochs = 9\n"
            .formatted(directory.resolve("data")));
    Files.writeString(
        run.resolve("metrics.jsonl"),
        """
        {"epoch":1,"step":5,"trainLoss":0.2,"testLoss":0.1}
        {"epoch":2,"step":10,"trainLoss":0.1,"testLoss":null,"updateRatio":{"conv1/w":0.001}}
        {"epoch":3,"st""");
    Files.writeString(
        run.resolve("attempts.jsonl"),
        """
        {"attempt":1,"stage":"train","started":"2026-03-01T08:00:00Z","host":"a","pid":1}
        {"attempt":1,"ended":"2026-03-01T08:05:00Z","exitCode":99,"reason":"signal TERM"}
        {"attempt":2,"stage":"train","started":"2026-03-01T09:00:00Z","host":"b","pid":2}
        """);
    checkpoint("ckpt-0001.h5", 1, dataset.digest());
    checkpoint("ckpt-0002.h5", 2, dataset.digest());
  }

  private void checkpoint(String name, long seed, String digest) throws Exception {
    TrainState state =
        TrainState.initial(
            NETWORK, Initializer.XAVIER.initialize(NETWORK, seed), List.of(Slot.FIRST_MOMENT));
    CheckpointFile.write(
        run.resolve("checkpoints").resolve(name),
        new Checkpoint(
            state,
            Progress.start(),
            NETWORK,
            Map.of(),
            Map.of("data-digest", digest, "host", "a"),
            List.of("disc", "ring")),
        Fence.NONE);
  }

  private RunView view() {
    return new ReportSource(List.of(run), ReferenceBackend::new, false).read().get(0);
  }

  @Test
  void aKilledRunHasAllItsParts() {
    RunView view = view();
    assertEquals(List.of(), view.notes());
    assertEquals(2, view.reconstructions().orElseThrow().rows().size());
    assertTrue(view.reconstructions().get().rows().get(0).error() > 0);
    assertTrue(view.filters().isPresent());
    assertEquals(Outcome.STOPPED, view.attempts().get(0).outcome());
    assertEquals(Outcome.KILLED, view.attempts().get(1).outcome());
    assertTrue(view.commands().orElseThrow().contains("--set train.epochs=9"));
  }

  @Test
  void aTornLineIsLeftOutAndAMissingNumberIsNone() {
    double[] losses = view().epochs().columns().get(Measure.TEST_LOSS);
    assertEquals(2, losses.length);
    assertEquals(0.1, losses[0]);
    assertTrue(Double.isNaN(losses[1]));
    double[] ratios = view().epochs().updateRatios().get("conv1/w");
    assertTrue(Double.isNaN(ratios[0]));
    assertEquals(0.001, ratios[1]);
  }

  @Test
  void aDamagedCheckpointIsPassedOverAndStaysWhereItIs() throws Exception {
    Path newest = run.resolve("checkpoints/ckpt-0002.h5");
    byte[] bytes = Files.readAllBytes(newest);
    Files.write(newest, Arrays.copyOf(bytes, bytes.length / 2));
    RunView view = view();
    assertTrue(view.notes().get(0).contains("ckpt-0002.h5"), view.notes().toString());
    assertEquals("ckpt-0001.h5", view.provenance().get(0).title());
    assertEquals(1, view.reconstructions().orElseThrow().rows().size());
    assertTrue(Files.exists(newest));
  }

  @Test
  void withoutTheImagesTheSectionSaysSo() throws Exception {
    Files.delete(directory.resolve("data/test_batch.bin"));
    RunView view = view();
    assertTrue(view.reconstructions().isEmpty());
    assertTrue(view.filters().isPresent());
    assertTrue(view.notes().get(0).contains("test_batch.bin"), view.notes().toString());
  }

  @Test
  void otherImagesAreNotShownAsThoseOfTheRun() throws Exception {
    Path test = directory.resolve("data/test_batch.bin");
    byte[] bytes = Files.readAllBytes(test);
    bytes[100] ^= 1;
    Files.write(test, bytes);
    assertTrue(view().reconstructions().isEmpty());
    assertTrue(view().notes().get(0).contains("not those"), view().notes().toString());
  }

  @Test
  void everyFileMayBeMissingOrEmptyOrNonsense() throws Exception {
    for (String name : List.of("metrics.jsonl", "attempts.jsonl", "run.properties")) {
      for (String content : List.of("", "{", "null\n[]\n7\n", "{\"epoch\":\"x\"}\n{}\n")) {
        Files.writeString(run.resolve(name), content);
        assertFalse(page().isEmpty());
      }
      Files.delete(run.resolve(name));
      assertFalse(page().isEmpty());
    }
    Files.writeString(run.resolve("status.json"), "{\"stage\":");
    Files.writeString(run.resolve("profile.json"), "[]");
    Files.writeString(run.resolve("svm.h5"), "no HDF5");
    assertFalse(page().isEmpty());
  }

  private String page() {
    return new Report(List.of(view()), Instant.now(), "0", 0).html();
  }

  @Test
  void aClassifierThatIsNotWholeIsANote() throws Exception {
    Files.writeString(run.resolve("svm.h5"), "no HDF5");
    assertTrue(view().judgement().isEmpty());
    assertTrue(view().notes().get(0).contains("svm.h5"), view().notes().toString());
  }

  @Test
  void runsOfOneNameAreToldApart() {
    assertEquals(
        List.of("x/run", "y/run", "other"),
        ReportSource.names(List.of(Path.of("/x/run"), Path.of("/y/run"), Path.of("/other"))));
  }

  @Test
  void aDirectoryThatIsNotThereIsAMistake() {
    List<Path> nowhere = List.of(directory.resolve("nowhere"));
    assertThrows(
        DataException.class, () -> new ReportSource(nowhere, ReferenceBackend::new, false));
  }
}
