package belay.log;

/**
 * How far long work is, as the one parameter of a log record:
 *
 * <pre>LOG.log(Level.INFO, "{0}", new ProgressLine(done, total, "images=100/500"));</pre>
 *
 * <p>To be said every second or so. Who shows it decides how: a bar on a terminal, now and then a
 * line in a log.
 *
 * @param done of the whole work, in any unit
 * @param total in the same unit; 0 if it is not known
 * @param text key=value, for logs
 */
public record ProgressLine(long done, long total, String text) {
  @Override
  public String toString() {
    return text;
  }
}
