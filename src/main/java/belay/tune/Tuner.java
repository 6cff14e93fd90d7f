package belay.tune;

import belay.backend.UpdateRule;
import belay.conf.settings.TuneSettings;
import belay.view.TuningStep.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The recipe of the craft, one step after another: the loss before training, a few minibatches by
 * heart, a rate, a coarse and a fine grid. Every trial is a function of settings, images and first
 * weights; one that is in the file is not made again.
 */
public final class Tuner {
  /** Added to the gradient, which is as usual as it is for ResNets. */
  private static final double USUAL_DECAY = 5e-4;

  /** Beside the gradient and times the rate. */
  private static final double USUAL_DECOUPLED = 0.01;

  private final Bench bench;
  private final TuneSettings how;
  private final Trials trials;
  private final double decay; // the run's own
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param decay the run's own
   */
  public Tuner(Bench bench, TuneSettings how, double decay, TrialFile file) {
    this.bench = bench;
    this.how = how;
    this.decay = decay;
    this.trials = new Trials(bench, file);
  }

  /**
   * All steps, or one with those that it begins with; none after one that found that nothing makes
   * sense.
   *
   * @param told after each step, with what has been found so far
   * @throws belay.error.StoppedException if a stop was requested
   */
  public List<Finding> run(Optional<Part> only, Consumer<List<Finding>> told) {
    for (Part part : Part.values()) {
      boolean isWanted = only.map(one -> one.needed().contains(part)).orElse(true);
      boolean isSensible = findings.stream().noneMatch(before -> before.verdict() == Verdict.BAD);
      if (isWanted && isSensible) {
        findings.add(find(part));
        told.accept(List.copyOf(findings));
      }
    }
    return List.copyOf(findings);
  }

  private Finding find(Part part) {
    return switch (part) {
      case INITIAL -> new InitialLoss(trials).find();
      case OVERFIT -> new ByHeart(trials, how.overfitBatches(), how.overfitPasses()).find();
      case RATE -> new RangeTest(trials, how.rangeSteps()).find();
      case COARSE -> Grid.coarse(trials, how.coarseEpochs(), rate(), decay, usual());
      case FINE -> Grid.fine(trials, how.fineEpochs(), rate(), found(Finding.DECAY), usual());
    };
  }

  private double rate() {
    return found(Finding.RATE);
  }

  /** What the step before has found. */
  private double found(String key) {
    Map<String, String> last = findings.get(findings.size() - 1).keys();
    return Double.parseDouble(last.get(key));
  }

  private double usual() {
    return bench.setup().spec().rule().accept(new UsualDecay());
  }

  private static final class UsualDecay implements UpdateRule.Cases<Double> {
    @Override
    public Double sgd(UpdateRule.Sgd sgd) {
      return USUAL_DECAY;
    }

    @Override
    public Double adam(UpdateRule.Adam adam) {
      return adam.decoupled() ? USUAL_DECOUPLED : USUAL_DECAY;
    }

    @Override
    public Double adagrad(UpdateRule.Adagrad adagrad) {
      return USUAL_DECAY;
    }

    @Override
    public Double rmsProp(UpdateRule.RmsProp rmsProp) {
      return USUAL_DECAY;
    }

    @Override
    public Double lars(UpdateRule.Lars lars) {
      return USUAL_DECAY;
    }

    @Override
    public Double muon(UpdateRule.Muon muon) {
      return USUAL_DECOUPLED;
    }
  }
}
