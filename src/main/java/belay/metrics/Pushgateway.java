package belay.metrics;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends the metrics to a Pushgateway of Prometheus, as the group of this run and stage: the next
 * attempt replaces what this one left. One that does not answer is one warning.
 */
public final class Pushgateway implements RunMetrics.Sink {
  private static final System.Logger LOG = System.getLogger("belay.metrics");
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final URI group;
  private HttpClient client; // made when needed, by the thread of the metrics
  private boolean refused;

  /**
   * @param gateway its address, such as http://head:9091
   */
  public Pushgateway(URI gateway, RunLabels labels) {
    String base = gateway.toString().replaceAll("/+$", "");
    this.group =
        URI.create(
            "%s/metrics/job/belay/run/%s/stage/%s"
                .formatted(base, encoded(labels.run()), encoded(labels.stage())));
  }

  private static String encoded(String label) {
    return URLEncoder.encode(label, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void write(String text) {
    try {
      HttpResponse<String> response = client().send(request(text), BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        refused = false;
      } else {
        warn("HTTP status %d, %s".formatted(response.statusCode(), response.body().strip()));
      }
    } catch (IOException e) {
      warn(e.toString());
    } catch (IllegalArgumentException e) { // a host such as _x_, which no address may have
      warn(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpClient client() {
    if (client == null) {
      client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    }
    return client;
  }

  private HttpRequest request(String text) {
    return HttpRequest.newBuilder(group)
        .timeout(PATIENCE)
        .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .PUT(BodyPublishers.ofString(text))
        .build();
  }

  private void warn(String reason) {
    if (!refused) {
      LOG.log(Level.WARNING, "metrics.pushgateway={0} unsent=\"{1}\"", group, reason);
    }
    refused = true;
  }
}
