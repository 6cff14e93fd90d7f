package belay.cluster;

import java.util.ArrayList;
import java.util.List;

/** The lines of a job script that the scheduler reads. */
final class Header {
  private final String prefix;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param prefix of each line: "#SBATCH --"
   */
  Header(String prefix) {
    this.prefix = prefix;
  }

  /**
   * @param value must not hold a line break: what follows would be a line of its own
   */
  void add(String option, String value) {
    if (value.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(option + " has a control character");
    }
    lines.add(prefix + option + value);
  }

  void addIf(boolean condition, String option, String value) {
    if (condition) {
      add(option, value);
    }
  }

  void addIfAny(String option, String value) {
    addIf(!value.isEmpty(), option, value);
  }

  List<String> lines() {
    return lines;
  }
}
