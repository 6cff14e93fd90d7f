package belay.tune;

import java.util.Locale;
import java.util.Set;

/** A step of the recipe, in its order. */
public enum Part {
  /** The loss before training is what guessing costs. */
  INITIAL("The loss before training"),
  /** The network learns a few minibatches by heart. */
  OVERFIT("A few minibatches by heart"),
  /** A learning rate that lowers the loss. */
  RATE("A learning rate"),
  /** Rates and decays around it, each for an epoch or two. */
  COARSE("Coarse grid"),
  /** Nearer around the best of those, for longer. */
  FINE("Fine grid");

  private final String title;

  Part(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }

  /** For links and options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Itself, and the steps whose results it begins with. */
  Set<Part> needed() {
    return switch (this) {
      case INITIAL, OVERFIT, RATE -> Set.of(this);
      case COARSE -> Set.of(RATE, COARSE);
      case FINE -> Set.of(RATE, COARSE, FINE);
    };
  }
}
