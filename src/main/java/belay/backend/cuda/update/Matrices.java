package belay.backend.cuda.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import belay.net.Role;

/** Whether a rule sees a parameter as a matrix: LARS all kernels, Muon those that it takes. */
record Matrices(Parameter parameter) implements UpdateRule.Cases<Boolean> {
  private boolean isKernel() {
    return parameter.role() == Role.KERNEL;
  }

  @Override
  public Boolean sgd(UpdateRule.Sgd sgd) {
    return isKernel();
  }

  @Override
  public Boolean adam(UpdateRule.Adam adam) {
    return isKernel();
  }

  @Override
  public Boolean adagrad(UpdateRule.Adagrad adagrad) {
    return isKernel();
  }

  @Override
  public Boolean rmsProp(UpdateRule.RmsProp rmsProp) {
    return isKernel();
  }

  @Override
  public Boolean lars(UpdateRule.Lars lars) {
    return isKernel();
  }

  @Override
  public Boolean muon(UpdateRule.Muon muon) {
    return muon.takes(parameter);
  }
}
