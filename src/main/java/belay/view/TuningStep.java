package belay.view;

import java.util.List;

/**
 * What one step of a tuning found.
 *
 * @param id for links to it: letters alone
 * @param sentence the verdict in words
 * @param trials a row for each, in order; may be empty
 */
public record TuningStep(
    String id, String title, Verdict verdict, String sentence, List<Plot> plots, Table trials) {
  public TuningStep {
    plots = List.copyOf(plots);
  }

  /** Whether the next step can be trusted. */
  public enum Verdict {
    /** As it should be. */
    GOOD("as it should be", Outcome.DONE),
    /** Worth a look before hours are spent. */
    DOUBTFUL("look here", Outcome.STOPPED),
    /** Nothing further makes sense. */
    BAD("stop here", Outcome.FAILED);

    private final String words;
    private final Outcome colour;

    Verdict(String words, Outcome colour) {
      this.words = words;
      this.colour = colour;
    }

    public String words() {
      return words;
    }

    /** The style's class. */
    public String style() {
      return colour.style();
    }
  }
}
