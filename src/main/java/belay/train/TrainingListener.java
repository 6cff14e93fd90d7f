package belay.train;

import belay.net.TrainState;

/** Who wants to know how a training goes, and who keeps its state safe. */
public interface TrainingListener {
  /** The state between two steps is worth keeping; called at every epoch's end and in between. */
  void save(TrainState state, Progress progress);

  /** An epoch is finished; its state is saved right after. */
  void finished(EpochResult result);
}
