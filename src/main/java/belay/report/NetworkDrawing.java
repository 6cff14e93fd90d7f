package belay.report;

import belay.view.NetworkView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A network as a row of slabs: as high as its feature maps, as thick as the logarithm of their
 * channels. A layer that changes no shape and has no kernel, such as ReLU, is named with the layer
 * before it. What a layer reads from farther away comes to it in an arc above the slabs.
 */
final class NetworkDrawing {
  private static final int COLUMN = 96; // user units a slab
  private static final int HIGHEST = 104;
  private static final int BASE = 176; // of the slabs
  private static final int LABEL = 15; // a line of text
  private static final int ARCS = 16; // where they begin and end, above the shapes
  private static final int ARC_ROOM = 48; // above the rest

  private final NetworkView network;
  private final List<Slab> slabs = new ArrayList<>();
  private final List<Arc> arcs = new ArrayList<>();

  private record Slab(NetworkView.Layer shape, List<String> labels, boolean isLatent) {}

  /** From a slab to a later one. */
  private record Arc(int from, int to) {}

  NetworkDrawing(NetworkView network) {
    this.network = network;
    List<Integer> places = new ArrayList<>(); // of the layers, in slabs
    for (int i = 0; i < network.layers().size(); i++) {
      NetworkView.Layer layer = network.layers().get(i);
      if (isStepWithin(i)) {
        Slab last = slabs.remove(slabs.size() - 1);
        last.labels().add(layer.operation());
        slabs.add(new Slab(last.shape(), last.labels(), last.isLatent() || layer.isLatent()));
      } else {
        slabs.add(new Slab(layer, new ArrayList<>(List.of(layer.operation())), layer.isLatent()));
      }
      int place = slabs.size() - 1;
      places.add(place);
      arcs(i, place, places);
    }
  }

  private boolean isStepWithin(int number) {
    NetworkView.Layer layer = network.layers().get(number);
    return layer.reads().contains(number - 1)
        && !layer.weights().hasKernel()
        && layer.shape().equals(network.layers().get(number - 1).shape());
  }

  private void arcs(int number, int place, List<Integer> places) {
    network.layers().get(number).reads().stream()
        .filter(read -> read != number - 1 && places.get(read) < place)
        .map(read -> new Arc(places.get(read), place))
        .filter(arc -> !arcs.contains(arc))
        .forEach(arcs::add);
  }

  void write(Html page) {
    int width = COLUMN * slabs.size();
    int top = arcs.isEmpty() ? 0 : -ARC_ROOM;
    page.open(
        "svg",
        "class",
        "drawing",
        "viewBox",
        "0 %d %d %d".formatted(top, width, bottom() - top),
        "style",
        "--w:" + width + "px",
        "role",
        "img",
        "aria-label",
        description());
    for (int i = 0; i < slabs.size(); i++) {
      slab(page, slabs.get(i), middle(i));
    }
    arcs.forEach(arc -> page.open("path", "class", "arc", "d", path(arc)).close());
    page.close();
  }

  private int bottom() {
    int lines =
        slabs.stream().mapToInt(s -> s.labels().size() + (s.isLatent() ? 1 : 0)).max().orElse(0);
    return BASE + 11 + LABEL * Math.max(3, lines);
  }

  private static double middle(int slab) {
    return COLUMN * slab + COLUMN / 2.0;
  }

  private static String path(Arc arc) {
    double height = ARCS - Math.min(ARCS + ARC_ROOM, 30 + 8.0 * (arc.to() - arc.from()));
    String from = number(middle(arc.from()) + 6);
    String to = number(middle(arc.to()) - 6);
    return "M%s %dC%s %s %s %s %s %dm-3 -6l3 6l3 -6"
        .formatted(from, ARCS, from, number(height), to, number(height), to, ARCS);
  }

  private void slab(Html page, Slab slab, double middle) {
    double height = 14 + HIGHEST * slab.shape().height() / mostHeight();
    double thick = 5 + 27 * Math.log(slab.shape().channels()) / Math.log(mostChannels());
    double deep = 8 + 0.22 * height;
    double left = middle - (thick + deep) / 2;
    double top = BASE - height;
    String look = slab.isLatent() ? "slab latent" : "slab";
    page.open("g", "class", look);
    face(page, "top", left, top, deep, -deep / 2, thick, 0);
    face(page, "side", left + thick, top, deep, -deep / 2, 0, height);
    page.open(
            "rect",
            "x",
            number(left),
            "y",
            number(top),
            "width",
            number(thick),
            "height",
            number(height))
        .close();
    label(page, "shape", middle, top - deep / 2 - 9, slab.shape().shape());
    int line = 0;
    for (String operation : slab.labels()) {
      label(page, "operation", middle, BASE + 18 + LABEL * line++, operation);
    }
    if (slab.isLatent()) {
      label(page, "tag", middle, BASE + 18 + LABEL * line, "latent");
    }
    page.close();
  }

  /** A parallelogram from a corner along two edges. */
  private static void face(
      Html page, String name, double x, double y, double dx, double dy, double ex, double ey) {
    String path =
        "M%s %sl%s %sl%s %sl%s %sz"
            .formatted(
                number(x),
                number(y),
                number(dx),
                number(dy),
                number(ex),
                number(ey),
                number(-dx),
                number(-dy));
    page.open("path", "class", name, "d", path).close();
  }

  private static void label(Html page, String look, double x, double y, String text) {
    page.element("text", text, "class", look, "x", number(x), "y", number(y));
  }

  private double mostHeight() {
    return network.layers().stream().mapToInt(NetworkView.Layer::height).max().orElse(1);
  }

  private double mostChannels() {
    return Math.max(
        2, network.layers().stream().mapToInt(NetworkView.Layer::channels).max().orElse(2));
  }

  private String description() {
    StringBuilder text = new StringBuilder("Network " + network.name() + ": ");
    for (Slab slab : slabs) {
      text.append(String.join(", ", slab.labels()))
          .append(" gives ")
          .append(slab.shape().shape())
          .append(slab.isLatent() ? ", the latent features; " : "; ");
    }
    return text.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
