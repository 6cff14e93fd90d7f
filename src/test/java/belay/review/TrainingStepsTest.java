package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.KeyHistory;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import belay.storage.Fence;
import belay.train.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training of 12 epochs, and what was changed on its way. */
class TrainingStepsTest {
  private static final Network NETWORK =
      Network.parse("tiny", "input 8x8x3\nconv 4\nrelu\nlatent\nconv 3\n");

  @TempDir private Path run;
  private final Map<String, String> last = new HashMap<>(RunProperties.defaults());

  private TrainingSteps steps(String... changes) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int epoch = 1; epoch <= 12; epoch++) {
      lines.append("{\"epoch\":%d,\"testLoss\":%s}\n".formatted(epoch, 1.0 / epoch));
    }
    Files.writeString(run.resolve("metrics.jsonl"), lines);
    Path file = Files.createDirectories(run.resolve("checkpoints")).resolve("ckpt-0012.h5");
    TrainState state =
        TrainState.initial(
            NETWORK, Initializer.XAVIER.initialize(NETWORK, 1), List.of(Slot.FIRST_MOMENT));
    CheckpointFile.write(
        file,
        new Checkpoint(state, Progress.start(), NETWORK, Map.of(), Map.of(), List.of()),
        Fence.NONE);
    Map<String, String> facts = new HashMap<>();
    for (String change : changes) {
      facts.put("changed." + change.split("=")[0], change.split("=")[1]);
    }
    return TrainingSteps.of(
        Lineage.of(run),
        last,
        KeyHistory.of(facts),
        key -> key.startsWith("train."),
        Optional.empty());
  }

  private static List<Map<String, String>> keys(TrainingSteps steps) {
    return steps.steps().stream().map(Step::keys).toList();
  }

  @Test
  void anUnchangedTrainingIsOneCommand() throws Exception {
    last.put("train.batch", "64");
    assertEquals(List.of(Map.of("train.batch", "64")), keys(steps()));
  }

  @Test
  void aTrainingThatWasMadeLongerIsTwo() throws Exception {
    last.put("train.batch", "64");
    assertEquals(
        List.of(
            Map.of("train.epochs", "8", "train.batch", "32"),
            Map.of("train.epochs", "12", "train.batch", "64")),
        keys(
            steps(
                "train.epochs=8, then 12 after epoch 8", "train.batch=32, then 64 after epoch 8")));
  }

  @Test
  void patienceMayHaveEndedTheFirstPart() throws Exception {
    last.put("train.target-loss", "0.2");
    assertEquals(
        List.of(
            Map.of("train.target-loss", "0.2", "train.stop-at-target", "true"),
            Map.of("train.stop-at-target", "false")),
        keys(steps("train.stop-at-target=true, then false after epoch 5")));
  }

  @Test
  void aRateThatDoesNotLookAheadLetsTheFirstPartEndAnywhere() throws Exception {
    last.put("train.schedule", "constant");
    assertEquals(
        List.of(
            Map.of("train.schedule", "constant", "train.epochs", "8", "train.batch", "32"),
            Map.of("train.epochs", "12", "train.batch", "128")),
        keys(steps("train.batch=32, then 128 after epoch 8")));
  }

  @Test
  void aRateThatDoesCannotBeCut() throws Exception {
    TrainingSteps steps = steps("train.batch=32, then 128 after epoch 8");
    assertEquals(List.of(), steps.steps());
    assertTrue(steps.remarks().get(0).contains("train.batch = 32, then 128 after epoch 8"));
  }

  @Test
  void noCommandEndsWithinAnEpoch() throws Exception {
    last.put("train.schedule", "constant");
    TrainingSteps steps = steps("train.batch=32, then 128 after step 3400 in epoch 9");
    assertEquals(List.of(), steps.steps());
  }

  @Test
  void aTrainingThatWasEndedEarlyIsEndedEarlyAgain() throws Exception {
    Files.writeString(run.resolve("run.properties"), "train.epochs = 12\n");
    last.put("train.epochs", "50");
    assertEquals(List.of(), steps().steps()); // on its way to 50, along a cosine
    last.put("train.schedule", "step");
    assertEquals(List.of(Map.of("train.schedule", "step")), keys(steps()));
  }

  @Test
  void anotherDeviceIsSaid() throws Exception {
    TrainingSteps steps = steps("arithmetic=oneDNN 3, avx2, then oneDNN 3, avx512 after epoch 3");
    assertEquals(1, steps.steps().size());
    assertTrue(steps.remarks().get(0).contains("avx2, then"), steps.remarks().toString());
  }
}
