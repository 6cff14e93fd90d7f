package belay.report;

import belay.view.Figures;
import belay.view.Plot;
import belay.view.Plot.Curve;
import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** Draws curves over anything. */
final class PlotChart {
  /** No table of epochs has their numbers. */
  private static final int NO_RUN = -1;

  private final Plot plot;

  private PlotChart(Plot plot) {
    this.plot = plot;
  }

  static void write(Html page, Plot plot, String size) {
    new PlotChart(plot).chart().write(page, size);
  }

  private LineChart chart() {
    boolean isShare = plot.up() == Plot.Axis.SHARE;
    DoubleFunction<String> format = isShare ? v -> Math.round(100 * v) + " %" : Figures::tick;
    LineChart chart =
        new LineChart(plot.title(), plot.explanation(), scale(plot.up(), Curve::y), format)
            .across(scale(plot.across(), Curve::x), plot.explanation())
            .mark(plot.level(), plot.levelLabel())
            .place(plot.place());
    for (int i = 0; i < plot.curves().size(); i++) {
      Curve curve = plot.curves().get(i);
      String look = Line.look(i);
      chart.add(new Line(NO_RUN, curve.label(), look, curve.x(), curve.y(), 0));
      chart.key(look, curve.label());
    }
    return chart;
  }

  private Scale scale(Plot.Axis axis, Function<Curve, double[]> values) {
    DoubleStream all = plot.curves().stream().map(values).flatMapToDouble(Arrays::stream);
    return switch (axis) {
      case SHARE -> Scale.of(0, 1);
      case LOGARITHMIC -> Scale.logarithmic(all);
      case LINEAR -> {
        double[] known = all.filter(Double::isFinite).sorted().toArray();
        yield known.length == 0 ? Scale.of(0, 1) : Scale.of(known[0], known[known.length - 1]);
      }
    };
  }
}
