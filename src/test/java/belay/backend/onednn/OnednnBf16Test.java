package belay.backend.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.onednn.dnnl.Processor;
import org.junit.jupiter.api.BeforeAll;

/** The contract in bf16. */
class OnednnBf16Test implements BackendContract {
  @BeforeAll
  static void needsTheProcessor() {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), () -> OnednnBackend.unavailable().get());
    assumeTrue(Processor.current().hasBf16(), () -> Processor.current().name() + " has no bf16");
  }

  @Override
  public Backend backend() {
    return new OnednnBackend(2);
  }

  @Override
  public Precision precision() {
    return Precision.BF16;
  }

  /**
   * bf16 keeps 8 bits: 4e-3 for each of some tens of roundings between image and gradient, and a
   * ReLU near its kink may take the other side.
   */
  @Override
  public double tolerance() {
    return 0.15;
  }
}
