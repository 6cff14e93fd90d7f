package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.BackendContract;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Natives;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.backend.onednn.stage.GradientLayout;
import belay.net.Mark;
import belay.net.Network;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which values and gradients may share memory. */
class MemoryPlanTest {
  private final Scope scope = new Scope();
  private long engine;

  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), () -> OnednnBackend.unavailable().get());
  }

  @BeforeEach
  void start() {
    Natives.load();
    long[] created = new long[1];
    Dnnl.check(Dnnl.dnnl_engine_create(created, Dnnl.CPU, 0), "start");
    engine = created[0];
    scope.onClose(() -> Dnnl.dnnl_engine_destroy(engine));
  }

  @AfterEach
  void end() {
    scope.close();
  }

  private Graph graph(String layers, boolean training) {
    Network network = BackendContract.network(layers);
    Primitives make = new Primitives(scope, engine, Dnnl.F32, Dnnl.NHWC, 2, training);
    return new Graph(
        make, network.program(), Mark.OUTPUT, new GradientLayout(), Optional.empty(), () -> {});
  }

  @Test
  void gradientsOfAChainTakeTwoSlotsInTurn() {
    Graph graph =
        graph("input 8x8x3; conv 8; conv 8; conv 8; latent; conv 8; conv 8; conv 3", true);
    Set<Integer> slots = new HashSet<>();
    for (int stage = 0; stage < graph.stages().size(); stage++) {
      slots.add(graph.memory().flow(stage).dy());
    }
    assertEquals(2, slots.size());
  }

  @Test
  void theLastReaderOfAValueWritesItsGradientAndTheOthersAdd() {
    Graph graph =
        graph("input 8x8x3; conv 4 name=a; conv 4; add a; latent; conv 4; add a; conv 3", true);
    MemoryPlan plan = graph.memory();
    int sum = plan.flow(0).dy(); // of a, whose readers are stages 1, 2 and 4
    assertEquals(new MemoryPlan.Target(sum, MemoryPlan.NONE), plan.flow(4).targets().get(1));
    assertEquals(sum, plan.flow(2).targets().get(1).sum());
    assertEquals(sum, plan.flow(1).targets().get(0).sum());
    assertNotEquals(sum, plan.flow(1).targets().get(0).slot());
  }

  @Test
  void nobodyAsksForGradientsOfWhatNoParameterLeadsTo() {
    Graph graph = graph("input 8x8x3; relu; latent; conv 3", true);
    assertEquals(MemoryPlan.NONE, graph.memory().flow(1).targets().get(0).slot());
    assertEquals(MemoryPlan.NONE, graph.memory().flow(0).dy());
  }

  @Test
  void whatTheLossDoesNotDependOnHasNoBackwardPass() {
    Graph graph = graph("input 8x8x3; conv 3 name=a; conv 4; latent; output from=a", true);
    assertEquals(MemoryPlan.NONE, graph.memory().flow(1).dy());
    assertNotEquals(MemoryPlan.NONE, graph.memory().flow(0).dy());
  }

  @Test
  void withoutTrainingValuesOfAChainShareMemory() {
    Graph graph = graph("input 8x8x8; conv 8; conv 8; conv 8; latent; conv 8", false);
    Set<Integer> slots = new HashSet<>();
    for (int stage = 0; stage < graph.stages().size(); stage++) {
      slots.add(graph.memory().value(graph.output(stage)));
    }
    assertTrue(slots.size() <= 2, slots::toString);
  }

  @Test
  void aValueThatIsReadAgainLaterKeepsItsMemory() {
    Graph graph = graph("input 8x8x8; conv 8 name=a; conv 8; conv 8; add a; latent; conv 8", false);
    int kept = graph.memory().value(graph.output(0));
    assertNotEquals(kept, graph.memory().value(graph.output(1)));
    assertNotEquals(kept, graph.memory().value(graph.output(2)));
    assertNotEquals(kept, graph.memory().value(graph.output(3)));
  }
}
