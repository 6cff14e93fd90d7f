package belay.backend;

import belay.net.Slot;
import java.util.List;

/**
 * What a step does to the weights w, given their gradient g and the learning rate r; t counts steps
 * from 1.
 */
public sealed interface UpdateRule {
  /** What it keeps from step to step. */
  List<Slot> slots();

  <R> R accept(Cases<R> cases);

  /** An answer for each rule: whoever runs rules fails to compile until it knows a new one. */
  interface Cases<R> {
    R sgd(Sgd sgd);

    R adam(Adam adam);
  }

  /**
   * g += weightDecay w; m = momentum m + g; w -= r m (Sutskever et al. 2013, as in PyTorch).
   *
   * @param momentum 0 for plain gradient descent
   * @param weightDecay L2 penalty added to the gradient
   */
  record Sgd(float momentum, float weightDecay) implements UpdateRule {
    @Override
    public List<Slot> slots() {
      return List.of(Slot.FIRST_MOMENT);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.sgd(this);
    }
  }

  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= r m' / (sqrt(v') + epsilon)
   * with m' = m / (1 - beta1^t), v' = v / (1 - beta2^t) (Kingma, Ba 2015, arXiv:1412.6980,
   * algorithm 1).
   *
   * @param decoupled true for AdamW: w -= r weightDecay w beside the update (Loshchilov, Hutter
   *     2019, arXiv:1711.05101, algorithm 2); false: g += weightDecay w
   */
  record Adam(float beta1, float beta2, float epsilon, float weightDecay, boolean decoupled)
      implements UpdateRule {
    @Override
    public List<Slot> slots() {
      return List.of(Slot.FIRST_MOMENT, Slot.SECOND_MOMENT);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.adam(this);
    }
  }
}
