package belay.view;

import java.util.List;

/**
 * What belay tune has found so far.
 *
 * @param name of the run
 * @param notes on what all trials have in common, a sentence each
 * @param steps in their order
 * @param command that trains with what was found; empty while nothing is
 */
public record Tuning(String name, List<String> notes, List<TuningStep> steps, String command) {
  public Tuning {
    notes = List.copyOf(notes);
    steps = List.copyOf(steps);
  }
}
