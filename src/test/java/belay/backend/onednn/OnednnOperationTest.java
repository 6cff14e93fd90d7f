package belay.backend.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.OperationContract;
import org.junit.jupiter.api.BeforeAll;

/** Single operations in fp32. */
class OnednnOperationTest implements OperationContract {
  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), () -> OnednnBackend.unavailable().get());
  }

  @Override
  public Backend backend() {
    return new OnednnBackend(2);
  }
}
