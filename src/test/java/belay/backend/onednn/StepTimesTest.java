package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.data.ImageSet;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.TrainState;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTimesTest {
  private static List<TrainPlan.OperationTime> profile(String layers) {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), "oneDNN cannot work here");
    Network network = BackendContract.network(layers);
    ImageSet images = new RandomInputs(3).images(network, 8);
    TrainSpec spec =
        new TrainSpec(8, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.FP32);
    TrainState start =
        TrainState.initial(network, Initializer.XAVIER.initialize(network, 1), spec.rule().slots());
    try (OnednnBackend backend = new OnednnBackend(1, () -> false);
        TrainPlan plan = backend.compileTraining(network, spec, images, images, start)) {
      return plan.profile(new int[] {0, 1, 2, 3});
    }
  }

  private static List<String> passes(List<TrainPlan.OperationTime> times) {
    return times.stream().map(t -> t.pass() + " " + t.layer()).distinct().toList();
  }

  @Test
  void namesTheOperationsOfEachLayerInOrder() {
    List<TrainPlan.OperationTime> times =
        profile("input 8x8x3; conv 16 name=a; relu; maxpool 2; latent; upsample 2; conv 3 name=b");
    assertEquals(List.of("forward a", "forward b", "backward b", "backward a"), passes(times));
    assertTrue(times.get(0).name().startsWith("convolution, "), times.get(0).name());
    assertTrue(times.stream().anyMatch(t -> t.name().startsWith("pooling")), times.toString());
    assertTrue(
        times.stream().anyMatch(t -> t.name().contains("weights' gradient")), times.toString());
    assertTrue(times.stream().allMatch(t -> t.seconds() > 0));
  }

  @Test
  void namesAnOperationThatRunsAloneByItsLine() {
    assertEquals(
        List.of(
            "forward a",
            "forward again",
            "forward b",
            "backward b",
            "backward again",
            "backward a"),
        passes(
            profile("input 8x8x3; conv 16 name=a; relu; relu name=again; latent; conv 3 name=b")));
  }
}
