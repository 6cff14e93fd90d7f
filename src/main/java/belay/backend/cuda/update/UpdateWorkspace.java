package belay.backend.cuda.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import java.util.List;

/** Bytes of device memory that a rule needs between two launches of one update. */
public record UpdateWorkspace(List<Parameter> parameters) implements UpdateRule.Cases<Long> {
  @Override
  public Long sgd(UpdateRule.Sgd sgd) {
    return 0L;
  }

  @Override
  public Long adam(UpdateRule.Adam adam) {
    return 0L;
  }

  @Override
  public Long adagrad(UpdateRule.Adagrad adagrad) {
    return 0L;
  }

  @Override
  public Long rmsProp(UpdateRule.RmsProp rmsProp) {
    return 0L;
  }

  @Override
  public Long lars(UpdateRule.Lars lars) {
    return 0L;
  }

  /** Of the kernel that needs most. */
  @Override
  public Long muon(UpdateRule.Muon muon) {
    return parameters.stream().filter(muon::takes).mapToLong(MuonCalls::workspace).max().orElse(0);
  }
}
