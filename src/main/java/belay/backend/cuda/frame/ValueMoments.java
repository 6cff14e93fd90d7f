package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Arena;
import belay.net.Shape;
import belay.net.Statistic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The moments of all values that normalisations read. */
public final class ValueMoments {
  private final Frame frame;
  private final Map<Integer, Moments> moments = new HashMap<>();

  ValueMoments(Frame frame) {
    this.frame = frame;
  }

  /** Makes room for the moments of a value. */
  public Moments expect(int value, Statistic mean) {
    return moments.computeIfAbsent(value, v -> new Moments(frame, memory(frame.shape(v)), mean));
  }

  private Arena.Slice memory(Shape shape) {
    Shape two = new Shape(shape.height(), shape.width(), 2 * shape.channels());
    boolean any = frame.training() && frame.products().sumsColumns();
    return any ? frame.columnParts(two) : frame.reserve(0);
  }

  /** Those that a normalisation wants of a value. */
  public Optional<Moments> of(int value) {
    return Optional.ofNullable(moments.get(value));
  }
}
