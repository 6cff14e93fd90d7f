package belay.data;

import belay.error.ConfigurationException;
import belay.error.DataException;
import java.util.Map;

/**
 * Which images a training uses, and which of them it holds out.
 *
 * @param limit the first training images that it knows; 0 for all
 * @param validation of those, how many are held out; 0 for none
 * @param seed that draws them
 */
public record Split(int limit, int validation, long seed) {
  /**
   * That of a checkpoint. A key that an earlier belay did not keep is 0.
   *
   * @param configuration that it holds
   * @throws DataException if a value is no number
   */
  public static Split of(Map<String, String> configuration) {
    return new Split(
        (int) number(configuration, "train.limit", Integer.MAX_VALUE),
        (int) number(configuration, "data.validation", Integer.MAX_VALUE),
        number(configuration, "train.seed", Long.MAX_VALUE));
  }

  private static long number(Map<String, String> configuration, String key, long most) {
    String text = configuration.getOrDefault(key, "0");
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) { // told below
    }
    throw new DataException(
        "/configuration@%s of the checkpoint is '%s', expected a number from 0"
            .formatted(key, text));
  }

  /**
   * @param whole all images
   * @throws ConfigurationException if none would be left to train on
   */
  public Dataset of(Dataset whole) {
    return HoldOut.of(whole.limit(limit), validation, seed);
  }
}
