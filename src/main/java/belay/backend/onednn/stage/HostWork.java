package belay.backend.onednn.stage;

import java.util.ArrayList;
import java.util.List;

/** What Java does around the passes of one lane: draws before, looks afterwards. */
public final class HostWork {
  /** Draws what is random in a slice. */
  public interface Draw {
    /**
     * @param step optimiser steps taken before this one
     * @param place of the slice's first image in the minibatch
     */
    void draw(long step, int place);
  }

  /** Looks at the statistics of a slice. */
  public interface Observation {
    /**
     * @param statistics receives each mean and variance, times the slice's images, in the order of
     *     the network's statistics
     */
    void read(float[] statistics);
  }

  private final List<Draw> draws = new ArrayList<>();
  private final List<Observation> observations = new ArrayList<>();

  void before(Draw draw) {
    draws.add(draw);
  }

  void after(Observation observation) {
    observations.add(observation);
  }

  public void draw(long step, int place) {
    draws.forEach(draw -> draw.draw(step, place));
  }

  public void observe(float[] statistics) {
    observations.forEach(observation -> observation.read(statistics));
  }
}
