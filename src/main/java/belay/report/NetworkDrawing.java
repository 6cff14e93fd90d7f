package belay.report;

import belay.view.NetworkView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A network as a row of slabs: as high as its feature maps, as thick as the logarithm of their
 * channels. A layer that changes no shape, such as ReLU, is named with the layer before it.
 */
final class NetworkDrawing {
  private static final int COLUMN = 96; // user units a slab
  private static final int HIGHEST = 104;
  private static final int BASE = 176; // of the slabs
  private static final int BOTTOM = 232;

  private final NetworkView network;
  private final List<Slab> slabs = new ArrayList<>();

  private record Slab(NetworkView.Layer shape, List<String> operations, boolean isLatent) {}

  NetworkDrawing(NetworkView network) {
    this.network = network;
    for (NetworkView.Layer layer : network.layers()) {
      Slab last = slabs.isEmpty() ? null : slabs.get(slabs.size() - 1);
      boolean changesNothing =
          last != null && layer.parameters() == 0 && layer.shape().equals(last.shape().shape());
      if (changesNothing) {
        last.operations().add(layer.operation());
        slabs.set(
            slabs.size() - 1,
            new Slab(last.shape(), last.operations(), last.isLatent() || layer.isLatent()));
      } else {
        slabs.add(new Slab(layer, new ArrayList<>(List.of(layer.operation())), layer.isLatent()));
      }
    }
  }

  void write(Html page) {
    int width = COLUMN * slabs.size();
    page.open(
        "svg",
        "class",
        "drawing",
        "viewBox",
        "0 0 " + width + " " + BOTTOM,
        "style",
        "--w:" + width + "px",
        "role",
        "img",
        "aria-label",
        description());
    for (int i = 0; i < slabs.size(); i++) {
      slab(page, slabs.get(i), COLUMN * i + COLUMN / 2.0);
    }
    page.close();
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
    for (String operation : slab.operations()) {
      label(page, "operation", middle, BASE + 18 + 15 * line++, operation);
    }
    if (slab.isLatent()) {
      label(page, "tag", middle, BASE + 18 + 15 * line, "latent");
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
      text.append(String.join(", ", slab.operations()))
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
