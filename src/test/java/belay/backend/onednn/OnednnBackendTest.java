package belay.backend.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.BackendContract;
import org.junit.jupiter.api.BeforeAll;

/** The contract in fp32. */
class OnednnBackendTest implements BackendContract {
  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), () -> OnednnBackend.unavailable().get());
  }

  @Override
  public Backend backend() {
    return new OnednnBackend(2);
  }
}
