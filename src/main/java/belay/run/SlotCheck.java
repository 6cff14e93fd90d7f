package belay.run;

import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.Checkpoints.Saved;
import belay.conf.settings.UpdateSettings;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.net.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether what a checkpoint keeps beside the weights is what its own training, and this one, need.
 */
record SlotCheck(UpdateSettings settings) {
  /**
   * @throws DataException if it lacks what its own update rule needs
   */
  void whole(Saved saved) {
    Checkpoint before = saved.checkpoint();
    for (Slot slot : needed(before)) {
      if (!before.state().slots().containsKey(slot)) {
        throw new DataException(
            "%s: lacks /optimizer/%s, which its %s needs"
                .formatted(
                    saved.file(),
                    slot.name().toLowerCase(Locale.ROOT),
                    slot == Slot.AVERAGE ? "average of the weights" : optimizer(before)));
      }
    }
  }

  /** None for a checkpoint that does not say what made it. */
  private List<Slot> needed(Checkpoint before) {
    List<Slot> needed = new ArrayList<>();
    rule(before).ifPresent(rule -> needed.addAll(rule.slots()));
    if (!hasOthersByAdamW(before)) {
      needed.remove(Slot.SECOND_MOMENT);
    }
    for (String key : List.of("train.average", "train.swa-epochs")) {
      if (before.configuration().getOrDefault(key, "0").matches(".*[1-9].*")) {
        needed.add(Slot.AVERAGE);
      }
    }
    return needed;
  }

  /** Whether this command's rule keeps what the checkpoint's did: muon's others may follow sgd. */
  private static boolean hasOthersByAdamW(Checkpoint before) {
    boolean isMuon = optimizer(before).equalsIgnoreCase("muon");
    String others = before.configuration().getOrDefault("train.muon-others", "adamw");
    return !isMuon || others.equalsIgnoreCase("adamw");
  }

  private Optional<UpdateRule> rule(Checkpoint before) {
    return Translation.rule(optimizer(before), settings);
  }

  private static String optimizer(Checkpoint before) {
    return before.configuration().getOrDefault("train.optimizer", "");
  }

  /**
   * @throws ConfigurationException if this training keeps something else
   */
  void fits(Checkpoint before, TrainSpec spec) {
    boolean isOther =
        rule(before).filter(rule -> rule.getClass() != spec.rule().getClass()).isPresent();
    if (isOther || !before.state().slots().keySet().containsAll(spec.rule().slots())) {
      throw new ConfigurationException(
          "train.optimizer cannot change from %s to %s within a run, as its checkpoints keep other vectors; use another --run"
              .formatted(optimizer(before), settings.optimizer().name().toLowerCase(Locale.ROOT)));
    }
    boolean isAveraged = before.state().slots().containsKey(Slot.AVERAGE);
    if (isAveraged != spec.average().isKept()) {
      throw new ConfigurationException(
          "%s: the run has %s average of its weights, which cannot begin or end within it; use another --run"
              .formatted(
                  settings.swaEpochs() > 0
                      ? "train.swa-epochs = " + settings.swaEpochs()
                      : "train.average = " + settings.average(),
                  isAveraged ? "an" : "no"));
    }
  }
}
