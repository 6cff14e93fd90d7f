package belay.report;

/**
 * One line of a chart.
 *
 * @param run number of its run on the page
 * @param label for the hover text
 * @param look classes of the style: colour, dashes, weight
 * @param x ascending
 * @param y a value for each x; NaN interrupts the line
 * @param column of the run's table that holds y, for the hover text
 */
record Line(int run, String label, String look, double[] x, double[] y, int column) {
  private static final int COLOURS = 6;
  private static final int UNITS = 1000;

  /** A colour each; from the seventh on dashes tell them apart. */
  static String look(int number) {
    String dashes = number < COLOURS ? "" : " d" + Math.min(3, number / COLOURS);
    return "s" + number % COLOURS + dashes;
  }

  /** As an SVG path in a square of 1,000 units. */
  String path(Scale across, Scale up) {
    StringBuilder path = new StringBuilder();
    boolean isDrawing = false;
    for (int i = 0; i < x.length; i++) {
      double place = up.place(y[i]);
      if (Double.isNaN(place)) {
        isDrawing = false;
        continue;
      }
      boolean isAlone = !isDrawing && (i + 1 == x.length || Double.isNaN(up.place(y[i + 1])));
      path.append(isDrawing ? 'L' : 'M')
          .append(Math.round(UNITS * across.place(x[i])))
          .append(' ')
          .append(Math.round(UNITS * (1 - Math.max(0, Math.min(1, place)))));
      path.append(isAlone ? "h0" : ""); // round ends make it a dot
      isDrawing = true;
    }
    return path.toString();
  }
}
