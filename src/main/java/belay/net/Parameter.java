package belay.net;

import java.util.List;
import java.util.Locale;

/**
 * One tensor of trained values inside the network's single contiguous parameter vector.
 *
 * @param name operation and letter, for example enc1/w
 * @param shape of a kernel [Kh, Kw, Cin, Cout], of a bias [Cout]
 * @param offset index of the first value in the parameter vector
 * @param start how it begins
 */
public record Parameter(
    String name, List<Integer> shape, int offset, Role role, Fans fans, Start start) {
  /** Values of a kernel that {@link Start#WHITEN} makes at most: 5 x 5 pixels of three channels. */
  static final int LARGEST_PATCH = 75;

  public Parameter {
    shape = List.copyOf(shape);
  }

  /** One that begins as it is drawn. */
  public Parameter(String name, List<Integer> shape, int offset, Role role, Fans fans) {
    this(name, shape, offset, role, fans, Start.DRAWN);
  }

  /** How a parameter begins. */
  public enum Start {
    /** As the run's {@link Initializer} draws it. */
    DRAWN,

    /**
     * So drawn, but for the first min(Cin, Cout) filters of a convolution: filter c passes on
     * channel c of the pixel [Kh / 2, Kw / 2] (Zagoruyko, Komodakis 2017, arXiv:1706.00388).
     */
    DIRAC,

    /** So drawn, then divided by the deviation of all its values. */
    UNIT_DEVIATION,

    /**
     * Measured of the training images: filters that make patches white, and their negatives (Page
     * 2018; Jordan 2024, arXiv:2404.00498, section 3.1).
     */
    WHITEN;

    /** As a network's file says it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public int size() {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }

  /** One past the last value in the parameter vector. */
  public int end() {
    return offset + size();
  }
}
