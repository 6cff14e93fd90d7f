package belay.view;

import java.util.List;

/**
 * Curves over anything.
 *
 * @param explanation unit and scale, in small letters
 * @param level to reach, NaN for none
 * @param levelLabel what it is
 * @param place on the horizontal axis that is marked, NaN for none
 */
public record Plot(
    String title,
    String explanation,
    Axis across,
    Axis up,
    List<Curve> curves,
    double level,
    String levelLabel,
    double place) {
  public Plot {
    curves = List.copyOf(curves);
  }

  /** Without marks. */
  public Plot(String title, String explanation, Axis across, Axis up, List<Curve> curves) {
    this(title, explanation, across, up, curves, Double.NaN, "", Double.NaN);
  }

  /** How an axis is divided. */
  public enum Axis {
    LINEAR,
    LOGARITHMIC,
    /** From 0 to 1, written in percent. */
    SHARE
  }

  /**
   * One curve.
   *
   * @param x ascending
   * @param y a value for each x; NaN interrupts the curve
   */
  public record Curve(String label, double[] x, double[] y) {}
}
