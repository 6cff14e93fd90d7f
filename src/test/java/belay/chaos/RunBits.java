package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.hdf.Hdf5Reader;
import belay.train.EpochResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What two runs must have in common, bit by bit: all that no clock decides. */
public final class RunBits {
  private RunBits() {}

  /** The newest checkpoint of a run. */
  public static Checkpoint last(Path run) {
    return new Checkpoints(RunDirectory.open(run).checkpoints())
        .newestValid()
        .orElseThrow()
        .checkpoint();
  }

  public static void assertSameTraining(Checkpoint expected, Path run) {
    Checkpoint actual = last(run);
    assertArrayEquals(expected.state().weights(), actual.state().weights());
    assertEquals(expected.state().slots().keySet(), actual.state().slots().keySet());
    expected
        .state()
        .slots()
        .forEach((slot, values) -> assertArrayEquals(values, actual.state().slot(slot)));
    assertEquals(expected.state().step(), actual.state().step());
    assertEquals(curves(expected.progress().history()), curves(actual.progress().history()));
    assertEveryEpochOnce(expected, run);
  }

  private static void assertEveryEpochOnce(Checkpoint expected, Path run) {
    List<EpochResult> lines = RunDirectory.open(run).metrics();
    assertEquals(curves(expected.progress().history()), curves(lines));
    assertEquals(
        expected.progress().history().stream().map(EpochResult::epoch).toList(),
        lines.stream().map(EpochResult::epoch).toList());
  }

  /** SHA-256 of every dataset of features and classifier. */
  static Map<String, String> digests(Path run) {
    Map<String, String> digests = new TreeMap<>();
    for (String file : new String[] {"features.h5", "svm.h5"}) {
      try (Hdf5Reader reader = Hdf5Reader.open(run.resolve(file))) {
        reader.verify();
        reader.datasets().forEach(path -> digests.put(file + path, reader.sha256(path)));
      }
    }
    return digests;
  }

  private static List<List<Double>> curves(List<EpochResult> history) {
    return history.stream().map(RunBits::curves).toList();
  }

  /** All that an epoch's line says and no clock decides. */
  private static List<Double> curves(EpochResult result) {
    List<Double> values = new ArrayList<>(result.updateRatio().values());
    assertFalse(values.isEmpty());
    values.add(result.trainLoss());
    values.add(result.testLoss());
    values.add(result.liveFeatures());
    return values;
  }
}
