package belay.tune;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * One trial that was brought to its end.
 *
 * @param kind "initial", "overfit", "range", "descent" or "grid"
 * @param keys that it had over those of the run
 * @param diverged whether its numbers ceased to be numbers
 * @param seconds of wall time that it took
 */
public record Trial(
    String kind, Map<String, String> keys, List<Point> points, boolean diverged, double seconds) {
  public Trial {
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
    points = List.copyOf(points);
  }

  /** What its points are made of: all but the time. */
  record Curve(List<Point> points, boolean diverged) {}

  Trial(String kind, Map<String, String> keys, Curve curve, double seconds) {
    this(kind, keys, curve.points(), curve.diverged(), seconds);
  }

  /** The key's value, as a number. */
  double number(String key) {
    return Double.parseDouble(keys.get(key));
  }

  /** The point with the lowest loss, the first of equals; empty for a trial that diverged. */
  Optional<Point> best() {
    return diverged
        ? Optional.empty()
        : points.stream()
            .filter(point -> Double.isFinite(point.loss()))
            .min(Comparator.comparingDouble(Point::loss));
  }

  Point last() {
    return points.get(points.size() - 1);
  }

  double[] column(ToDoubleFunction<Point> of) {
    return points.stream().mapToDouble(of).toArray();
  }
}
