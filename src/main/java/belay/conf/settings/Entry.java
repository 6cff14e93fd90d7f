package belay.conf.settings;

/**
 * A key, its value, and who said so.
 *
 * @param source {@code default}, {@code FILE:LINE}, {@code environment NAME} or an option such as
 *     {@code --set}
 */
public record Entry(String key, String value, String source) {
  public static final String DEFAULT = "default";

  /** Whether nobody has said anything of the key. */
  public boolean isDefault() {
    return source.equals(DEFAULT);
  }

  public Entry withValue(String other) {
    return new Entry(key, other, source);
  }
}
