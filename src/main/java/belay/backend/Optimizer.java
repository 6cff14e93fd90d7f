package belay.backend;

/** Update rules for weights w with gradient g and learning rate r; t counts steps from 1. */
public sealed interface Optimizer {
  /** Whether a second moment belongs to the state. */
  boolean hasSecondMoment();

  /**
   * g += weightDecay w; m = momentum m + g; w -= r m (Sutskever et al. 2013, as in PyTorch).
   *
   * @param momentum 0 for plain gradient descent
   * @param weightDecay L2 penalty added to the gradient
   */
  record Sgd(float momentum, float weightDecay) implements Optimizer {
    @Override
    public boolean hasSecondMoment() {
      return false;
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
      implements Optimizer {
    @Override
    public boolean hasSecondMoment() {
      return true;
    }
  }
}
