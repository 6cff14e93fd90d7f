package belay.backend.onednn;

import belay.backend.Backend;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Processor;

/** The contract in the layout that processors with matrix units (AMX) get for bf16. */
class OnednnChannelsLastTest extends OnednnBf16Test {
  @Override
  public Backend backend() {
    return new OnednnBackend(2, () -> false, () -> new Processor(Dnnl.ISA_AMX));
  }
}
