package belay.conf.settings;

import java.net.URI;
import java.util.Optional;

/**
 * What is measured on the way, and where it goes.
 *
 * @param intervalSeconds between two writings
 * @param textfile for Prometheus' node_exporter, relative to the run directory; empty for none
 * @param pushgateway of Prometheus
 * @param profile whether the operations of a step are timed at the end of training
 * @param tensorboard whether the curves are kept as an event file too
 */
public record MetricsSettings(
    int intervalSeconds,
    String textfile,
    Optional<URI> pushgateway,
    boolean profile,
    boolean tensorboard) {
  static MetricsSettings of(Values values) {
    return new MetricsSettings(
        values.get(Keys.METRICS_INTERVAL_SECONDS),
        values.get(Keys.METRICS_TEXTFILE),
        values.get(Keys.METRICS_PUSHGATEWAY),
        values.get(Keys.METRICS_PROFILE),
        values.get(Keys.METRICS_TENSORBOARD));
  }
}
