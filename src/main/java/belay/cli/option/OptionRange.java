package belay.cli.option;

import belay.error.ConfigurationException;

/** Ranges of numbers that options are given, said as those of keys are. */
public final class OptionRange {
  private OptionRange() {}

  /**
   * @throws ConfigurationException if the number is smaller
   */
  public static void atLeast(int least, String option, int value) {
    check(value >= least, option, value, "at least " + least);
  }

  /**
   * @throws ConfigurationException if the number is outside
   */
  public static void within(int least, int most, String option, int value) {
    check(value >= least && value <= most, option, value, least + ".." + most);
  }

  /**
   * @throws ConfigurationException if the number is 0, negative, infinite or none
   */
  public static void above0(String option, double value) {
    check(value > 0 && Double.isFinite(value), option, value, "above 0");
  }

  private static void check(boolean isIn, String option, Number value, String range) {
    if (!isIn) {
      throw new ConfigurationException("%s = %s must be %s".formatted(option, value, range));
    }
  }
}
