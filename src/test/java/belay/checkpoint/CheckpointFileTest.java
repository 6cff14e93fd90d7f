package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.hdf.ForeignReader;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import belay.storage.Fence;
import belay.train.EpochResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("ckpt-0012.h5");
  }

  /** Bit for bit: records compare doubles by their bits, arrays are compared here. */
  static void assertSame(Checkpoint expected, Checkpoint actual) {
    TrainState one = expected.state();
    TrainState two = actual.state();
    assertArrayEquals(one.weights(), two.weights());
    assertEquals(one.slots().keySet(), two.slots().keySet());
    one.slots().forEach((slot, values) -> assertArrayEquals(values, two.slot(slot)));
    assertEquals(one.step(), two.step());
    assertEquals(
        Double.doubleToRawLongBits(one.tally().lossSum()),
        Double.doubleToRawLongBits(two.tally().lossSum()));
    assertEquals(one.tally().images(), two.tally().images());
    assertEquals(expected.progress(), actual.progress());
    assertEquals(expected.network(), actual.network());
    assertEquals(expected.configuration(), actual.configuration());
    assertEquals(expected.provenance(), actual.provenance());
    assertEquals(expected.classNames(), actual.classNames());
  }

  @Test
  void givesBackEveryBit() throws IOException {
    for (Checkpoint checkpoint :
        new Checkpoint[] {
          SampleCheckpoint.afterEpoch(12),
          SampleCheckpoint.afterEpoch(0),
          SampleCheckpoint.at(3, 640, 250),
          SampleCheckpoint.normalised()
        }) {
      CheckpointFile.write(file, checkpoint, Fence.NONE);
      assertSame(checkpoint, CheckpointFile.read(file));
    }
  }

  @Test
  void keepsNoSecondMomentWhereThereIsNone() throws IOException {
    TrainState adam = SampleCheckpoint.afterEpoch(2).state();
    Checkpoint sgd = with(Map.of(Slot.FIRST_MOMENT, adam.slot(Slot.FIRST_MOMENT)));
    CheckpointFile.write(file, sgd, Fence.NONE);
    assertSame(sgd, CheckpointFile.read(file));
  }

  private static Checkpoint with(Map<Slot, float[]> slots) {
    Checkpoint some = SampleCheckpoint.afterEpoch(2);
    return new Checkpoint(
        new TrainState(some.state().weights(), slots, some.state().step(), new Tally(0.5, 3)),
        some.progress(),
        some.network(),
        some.configuration(),
        some.provenance(),
        some.classNames());
  }

  @Test
  void keepsASumOfSquaresAndAnAverageWhichExtractionReads() throws IOException {
    TrainState some = SampleCheckpoint.afterEpoch(2).state();
    float[] average = some.slot(Slot.FIRST_MOMENT);
    Checkpoint adagrad =
        with(Map.of(Slot.SUM_OF_SQUARES, some.slot(Slot.SECOND_MOMENT), Slot.AVERAGE, average));
    CheckpointFile.write(file, adagrad, Fence.NONE);
    assertSame(adagrad, CheckpointFile.read(file));
    assertArrayEquals(average, CheckpointFile.readWeights(file, adagrad.network()));
    assertArrayEquals(average, adagrad.state().inferenceWeights());
  }

  @Test
  void rejectsAFileWithoutAnythingThatAnUpdateRuleKeeps() throws IOException {
    float[] average = SampleCheckpoint.afterEpoch(2).state().slot(Slot.FIRST_MOMENT);
    CheckpointFile.write(file, with(Map.of(Slot.AVERAGE, average)), Fence.NONE);
    DataException thrown = assertThrows(DataException.class, () -> CheckpointFile.read(file));
    assertTrue(thrown.getMessage().contains("in /optimizer"), thrown.getMessage());
  }

  @Test
  void readsTheWeightsAlone() throws IOException {
    for (Checkpoint checkpoint :
        List.of(SampleCheckpoint.afterEpoch(12), SampleCheckpoint.normalised())) {
      CheckpointFile.write(file, checkpoint, Fence.NONE);
      assertArrayEquals(
          checkpoint.state().weights(), CheckpointFile.readWeights(file, checkpoint.network()));
      assertEquals(checkpoint.state().step(), CheckpointFile.check(file).step());
    }
  }

  @Test
  void statisticsLieBesideTheParametersOfTheirLayerAndHaveNoMoments() throws IOException {
    CheckpointFile.write(file, SampleCheckpoint.normalised(), Fence.NONE);
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      String layer = "/enc.first.batchnorm1/";
      assertEquals(
          List.of("mean", "scale", "shift", "variance"), within(reader, "/weights" + layer));
      assertEquals(List.of("scale", "shift"), within(reader, "/optimizer/first_moment" + layer));
      assertEquals("C", reader.text("/weights" + layer + "variance", "axes"));
    }
  }

  private static List<String> within(Hdf5Reader reader, String group) {
    return reader.datasets().stream()
        .filter(dataset -> dataset.startsWith(group))
        .map(dataset -> dataset.substring(group.length()))
        .sorted()
        .toList();
  }

  @Test
  void rejectsWeightsOfAnotherNetwork() throws IOException {
    CheckpointFile.write(file, SampleCheckpoint.afterEpoch(12), Fence.NONE);
    Network wider =
        Network.parse("wider", SampleCheckpoint.NETWORK.text().replace("conv  4", "conv 8"));
    assertEquals(
        file + ": /weights/enc1/w has shape [3,3,3,4], network expects [3,3,3,8]",
        assertThrows(DataException.class, () -> CheckpointFile.readWeights(file, wider))
            .getMessage());
  }

  @Test
  void rejectsAFileThatIsNoCheckpoint() throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.group("/").attribute("format", "belay-features").attribute("version", 1L);
      writer.publish(Fence.NONE);
    }
    assertEquals(
        file + ": is a belay-features, expected a belay-checkpoint",
        assertThrows(DataException.class, () -> CheckpointFile.read(file)).getMessage());
  }

  @Test
  void rejectsMissingAndUnexpectedDatasets() throws IOException {
    Checkpoint checkpoint = SampleCheckpoint.afterEpoch(1);
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      CheckpointFile.write(writer, checkpoint);
      writer.ints("/weights/extra", new int[] {1});
      writer.publish(Fence.NONE);
    }
    assertEquals(
        file + ": has the dataset /weights/extra, which no checkpoint of its network has",
        assertThrows(DataException.class, () -> CheckpointFile.read(file)).getMessage());
    String longer = checkpoint.network().text().replace("latent", "conv 4 name=enc2\nlatent");
    Network deeper = Network.parse("deeper", longer);
    assertEquals(
        file + ": lacks the dataset /weights/enc2/w",
        assertThrows(DataException.class, () -> CheckpointFile.readWeights(file, deeper))
            .getMessage());
  }

  @Test
  void readsWhatTheFirstFormatKept() throws Exception {
    Path golden = Path.of(getClass().getResource("ckpt-version-1.h5").toURI());
    Checkpoint checkpoint = CheckpointFile.read(golden);
    assertEquals(2, checkpoint.progress().epoch());
    EpochResult second = checkpoint.progress().history().get(1);
    assertEquals(0.23544358000754684, second.testLoss());
    assertTrue(Double.isNaN(second.evaluationSeconds()));
    assertEquals(null, second.ended());
    assertEquals(Map.of(), second.updateRatio());
    CheckpointFile.write(file, checkpoint, Fence.NONE);
    assertSame(checkpoint, CheckpointFile.read(file));
  }

  @Test
  void refusesAFormatOfTheFutureWithoutCallingItDamage() throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.group("/").attribute("format", "belay-checkpoint").attribute("version", 3L);
      writer.publish(Fence.NONE);
    }
    assertEquals(
        file + ": has format version 3, this belay reads 1 to 2: use the belay that wrote it",
        assertThrows(ConfigurationException.class, () -> CheckpointFile.read(file)).getMessage());
  }

  @Test
  void truncatedOrFlippedFilesAreFoundOrReadTheSame() throws IOException {
    Checkpoint checkpoint = SampleCheckpoint.afterEpoch(2);
    CheckpointFile.write(file, checkpoint, Fence.NONE);
    byte[] sound = Files.readAllBytes(file);
    Random random = new Random(5);
    int found = 0;
    for (int round = 0; round < 300; round++) {
      byte[] bytes = sound.clone();
      if (round % 3 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        assertSame(checkpoint, CheckpointFile.read(file));
      } catch (DataException e) {
        found++;
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
    assertTrue(found > 200, "only " + found + " found");
  }

  @Test
  void foreignToolsReadIt() throws IOException {
    Checkpoint checkpoint = SampleCheckpoint.afterEpoch(12);
    CheckpointFile.write(file, checkpoint, Fence.NONE);
    String list = ForeignReader.h5ls("-r", file.toString());
    assertTrue(list.matches("(?s).*/weights/enc1/w +Dataset \\{3, 3, 3, 4\\}.*"), list);
    assertTrue(list.contains("/optimizer/second_moment/dec1/b"), list);
    assertTrue(ForeignReader.h5dump("-a", "/progress/epoch", file.toString()).contains("(0): 12"));
    assertTrue(ForeignReader.h5dump(file.toString()).contains("\"belay-checkpoint\""));
    assertTrue(ForeignReader.verify(file).endsWith("entries verified"));
  }

  @Test
  void h5pySeesTheSameBits() throws IOException {
    Checkpoint checkpoint = SampleCheckpoint.afterEpoch(12);
    CheckpointFile.write(file, checkpoint, Fence.NONE);
    int[] bits = new int[checkpoint.state().weights().length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(checkpoint.state().weights()[i]));
    String expected =
        Arrays.toString(bits)
            + " "
            + Double.doubleToRawLongBits(checkpoint.state().tally().lossSum())
            + " größer als 0 bird "
            + Double.doubleToRawLongBits(checkpoint.progress().history().get(11).testLoss());
    assertEquals(
        expected,
        ForeignReader.h5py(
            file,
            """
            w = [f['weights'][l][k][()].ravel() for l in ('enc1', 'dec1') for k in ('w', 'b')]
            print(np.concatenate(w).view(np.int32).tolist(),
                  f['progress'].attrs['loss_sum'].view(np.int64),
                  f['configuration'].attrs['note'].decode(), f['classes'][2].decode(),
                  f['metrics/test_loss'][()].view(np.int64)[11])
            """));
  }
}
