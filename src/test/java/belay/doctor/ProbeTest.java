package belay.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.OperationKinds;
import belay.net.Operation;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProbeTest {
  @Test
  void everyOperationIsProbed() {
    Set<Class<?>> probed =
        Probe.all().stream()
            .flatMap(probe -> probe.network().program().operations().stream())
            .map(Operation::getClass)
            .collect(Collectors.toSet());
    assertEquals(OperationKinds.all(), probed);
  }

  @ParameterizedTest
  @MethodSource("belay.doctor.Probe#all")
  void everyShardHoldsEachImageEquallyOften(Probe probe) {
    assertEquals(0, probe.images() % probe.distinct());
    boolean repeats = probe.images() > probe.distinct();
    assertEquals(0, repeats ? probe.images() / 8 % probe.distinct() : 0);
  }
}
