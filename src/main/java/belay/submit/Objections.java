package belay.submit;

import belay.error.BelayException;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.error.ExitCode;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What speaks against a command, to be told all at once. */
public final class Objections {
  /** More would only bury the first ones. */
  private static final int SHOWN = 20;

  private final Map<String, BelayException> found = new LinkedHashMap<>();

  /** Keeps what the check throws. */
  public void unless(Runnable check) {
    try {
      check.run();
    } catch (BelayException e) {
      found.putIfAbsent(e.getMessage(), e);
    }
  }

  public void add(String problem) {
    found.putIfAbsent(problem, new ConfigurationException(problem));
  }

  /**
   * Does nothing if there are none.
   *
   * @throws BelayException the only one, or one with all their messages: of damaged or missing
   *     files if all are about such
   */
  public void raise() {
    if (found.size() == 1) {
      throw found.values().iterator().next();
    }
    if (!found.isEmpty()) {
      boolean areData =
          found.values().stream().allMatch(problem -> problem.exitCode() == ExitCode.DATA);
      throw areData ? new DataException(text()) : new ConfigurationException(text());
    }
  }

  /** Warns of each instead. */
  public void tell(System.Logger log) {
    found.keySet().forEach(problem -> log.log(Level.WARNING, problem));
  }

  private String text() {
    List<String> all = List.copyOf(found.keySet());
    String rest = all.size() > SHOWN ? "; and " + (all.size() - SHOWN) + " more" : "";
    return all.stream()
        .limit(SHOWN)
        .collect(Collectors.joining("; ", all.size() + " problems: ", rest));
  }
}
