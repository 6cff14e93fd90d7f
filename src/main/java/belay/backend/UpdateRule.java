package belay.backend;

import belay.net.Parameter;
import belay.net.Role;
import belay.net.Slot;
import java.util.List;

/**
 * What a step does to the parameters w, given their gradient g (clipped already) and the learning
 * rate r; t counts steps from 1. Statistics are not its business.
 */
public sealed interface UpdateRule {
  /** What it keeps from step to step. */
  List<Slot> slots();

  Decay decay();

  /** Whether {@link ParameterGroups} may be treated in another way than the rest. */
  default boolean takesGroups() {
    return false;
  }

  /** Whether l2 shrinks the weights beside the update instead of being part of the gradient. */
  default boolean decoupled() {
    return false;
  }

  <R> R accept(Cases<R> cases);

  /** An answer for each rule: whoever runs rules fails to compile until it knows a new one. */
  interface Cases<R> {
    R sgd(Sgd sgd);

    R adam(Adam adam);

    R adagrad(Adagrad adagrad);

    R rmsProp(RmsProp rmsProp);

    R lars(Lars lars);

    R muon(Muon muon);
  }

  /**
   * Pull of parameters towards 0, before all else: g += l2 w + l1 sign(w), where sign(0) = 0 (the
   * elastic net of Zou, Hastie 2005); where a rule is {@link #decoupled}, g += l1 sign(w) and w -=
   * r l2 w.
   *
   * @param reach which parameters it pulls; the others have l2 = l1 = 0
   */
  record Decay(float l2, float l1, Reach reach) {
    public static final Decay NONE = new Decay(0, 0, Reach.ALL);

    /** L2 of all parameters. */
    public static Decay of(float l2) {
      return new Decay(l2, 0, Reach.ALL);
    }

    public boolean isNone() {
      return l2 == 0 && l1 == 0;
    }

    public boolean covers(Role role) {
      return reach == Reach.ALL || role == Role.KERNEL;
    }
  }

  /** Which parameters a decay pulls. */
  enum Reach {
    ALL,

    /** No biases, no scales and shifts of norms. */
    KERNELS
  }

  /**
   * m = momentum m + g; w -= r m, or with Nesterov's momentum w -= r (g + momentum m) (Sutskever et
   * al. 2013, as in PyTorch: m begins as the first g).
   *
   * @param momentum 0 for plain gradient descent
   */
  record Sgd(float momentum, boolean nesterov, Decay decay) implements UpdateRule {
    /**
     * @param weightDecay L2 of all parameters
     */
    public Sgd(float momentum, float weightDecay) {
      this(momentum, false, Decay.of(weightDecay));
    }

    @Override
    public boolean takesGroups() {
      return true;
    }

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
   * @param decoupled true for AdamW (Loshchilov, Hutter 2019, arXiv:1711.05101, algorithm 2)
   */
  record Adam(float beta1, float beta2, float epsilon, Decay decay, boolean decoupled)
      implements UpdateRule {
    /**
     * @param weightDecay L2 of all parameters
     */
    public Adam(float beta1, float beta2, float epsilon, float weightDecay, boolean decoupled) {
      this(beta1, beta2, epsilon, Decay.of(weightDecay), decoupled);
    }

    @Override
    public boolean takesGroups() {
      return true;
    }

    @Override
    public List<Slot> slots() {
      return List.of(Slot.FIRST_MOMENT, Slot.SECOND_MOMENT);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.adam(this);
    }
  }

  /**
   * s += g^2; w -= r g / (sqrt(s) + epsilon) (Duchi, Hazan, Singer 2011, JMLR 12, figure 1 with
   * diagonal matrices, as in PyTorch: s begins as 0).
   */
  record Adagrad(float epsilon, Decay decay) implements UpdateRule {
    @Override
    public List<Slot> slots() {
      return List.of(Slot.SUM_OF_SQUARES);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.adagrad(this);
    }
  }

  /**
   * v = alpha v + (1 - alpha) g^2; m = momentum m + g / (sqrt(v) + epsilon); w -= r m (Tieleman,
   * Hinton 2012, lecture 6.5, as in PyTorch: not centred, v begins as 0).
   *
   * @param momentum 0 for none
   */
  record RmsProp(float alpha, float epsilon, float momentum, Decay decay) implements UpdateRule {
    @Override
    public List<Slot> slots() {
      return List.of(Slot.FIRST_MOMENT, Slot.SECOND_MOMENT);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.rmsProp(this);
    }
  }

  /**
   * m = momentum m + r q (g + decay); w -= m (You, Gitman, Ginsburg 2017, arXiv:1708.03888,
   * algorithm 1). For each kernel, q = trust |w| / (|g| + l2 |w|), with g before its decay, and 1
   * where |w| or the divisor is 0; for biases, scales and shifts q = 1.
   *
   * @param trust coefficient of how far a kernel may move, in its own lengths
   */
  record Lars(float trust, float momentum, Decay decay) implements UpdateRule {
    @Override
    public List<Slot> slots() {
      return List.of(Slot.FIRST_MOMENT);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.lars(this);
    }
  }

  /**
   * For each matrix that it takes, a kernel X whose columns are the output channels and whose rows
   * all else (the transposed of [Cout, rest], which changes nothing): m = momentum m + g; X = g +
   * momentum m; X /= |X|; some steps of X = a X + X (b A + c A^2) with A = X^T X; w -= r s X
   * (Jordan et al. 2024, kellerjordan.github.io/posts/muon). All else follows the other rule, with
   * the same rate. Decay is beside the update where it is for the other rule.
   *
   * @param momentum Nesterov's, of the matrices
   * @param others {@link Sgd} or {@link Adam}, without a decay of its own
   */
  record Muon(float momentum, Form form, UpdateRule others, Decay decay) implements UpdateRule {
    private static final float[] POLYNOMIAL = {3.4445f, -4.7750f, 2.0315f};
    private static final float RMS_OF_ADAM = 0.2f;

    /**
     * What it takes for matrices, and how far they move.
     *
     * @param linears whether weights of linear operations are among them, not convolutions alone
     * @param steps of the polynomial that moves singular values towards 1
     * @param normalizes whether w is brought to length sqrt(Cout) before each step, of scale s = 1;
     *     if not, s gives the update the root mean square of Adam's, 0.2, so that rate and decay
     *     are AdamW's (Liu et al. 2025, arXiv:2502.16982, equation 4)
     */
    public record Form(boolean linears, int steps, boolean normalizes) {
      public static final Form USUAL = new Form(true, 5, false);
    }

    public Muon {
      if (!others.decay().isNone()) {
        throw new IllegalArgumentException("The decay of " + others + " is Muon's matter");
      }
    }

    /** In its usual form, with AdamW for the others. */
    public Muon(float momentum, float beta1, float beta2, float epsilon, Decay decay) {
      this(momentum, Form.USUAL, new Adam(beta1, beta2, epsilon, Decay.NONE, true), decay);
    }

    /** a, b, c. */
    public static float coefficient(int power) {
      return POLYNOMIAL[power];
    }

    /** Output channels of a kernel. */
    public static int columns(Parameter kernel) {
      return kernel.shape().get(kernel.shape().size() - 1);
    }

    /** Whether a parameter is one of its matrices. */
    public boolean takes(Parameter parameter) {
      boolean isFilter = parameter.shape().size() == 4;
      return parameter.role() == Role.KERNEL && (form.linears() || isFilter);
    }

    /** What an orthogonal update of this kernel is multiplied by. */
    public float scale(Parameter kernel) {
      int columns = columns(kernel);
      return form.normalizes()
          ? 1
          : RMS_OF_ADAM * (float) Math.sqrt(Math.max(columns, kernel.size() / columns));
    }

    /** The length that a kernel is brought to before a step; 0 for the one that it has. */
    public float length(Parameter kernel) {
      return form.normalizes() ? (float) Math.sqrt(columns(kernel)) : 0;
    }

    @Override
    public boolean decoupled() {
      return others.decoupled();
    }

    @Override
    public boolean takesGroups() {
      return true;
    }

    @Override
    public List<Slot> slots() {
      return others.slots();
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.muon(this);
    }
  }
}
