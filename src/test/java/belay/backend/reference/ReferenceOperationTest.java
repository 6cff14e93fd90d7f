package belay.backend.reference;

import belay.backend.Backend;
import belay.backend.OperationContract;

/** The reference's products against double; its other operations are compared with themselves. */
class ReferenceOperationTest implements OperationContract {
  @Override
  public Backend backend() {
    return new ReferenceBackend();
  }
}
