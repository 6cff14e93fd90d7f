package belay.conf.settings;

/**
 * How features are extracted.
 *
 * @param batch images encoded at once
 */
public record ExtractSettings(int batch) {
  static ExtractSettings of(Values values) {
    return new ExtractSettings(values.get(Keys.EXTRACT_BATCH));
  }
}
