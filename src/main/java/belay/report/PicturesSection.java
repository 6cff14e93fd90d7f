package belay.report;

import belay.view.Figures;
import belay.view.Picture;
import belay.view.Reconstructions;
import belay.view.RunView;
import java.util.List;

/** What the network sees and gives back: reconstructions and the first layer's filters. */
final class PicturesSection implements Section {
  private final List<RunView> runs;

  PicturesSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "pictures";
  }

  @Override
  public String title() {
    return "Pictures";
  }

  @Override
  public boolean isEmpty() {
    return runs.stream().allMatch(r -> r.reconstructions().isEmpty() && r.filters().isEmpty());
  }

  @Override
  public void write(Html page) {
    new Several(runs, run -> run.reconstructions().isPresent() || run.filters().isPresent())
        .write(page, "pictures", PicturesSection::pictures);
  }

  private static void pictures(Html page, RunView run, boolean isNamed) {
    if (isNamed) {
      page.element("h3", run.name());
    }
    page.open("div", "class", "pair");
    run.reconstructions().ifPresent(r -> reconstructions(page, r));
    run.filters().ifPresent(filters -> filters(page, filters));
    page.close();
  }

  private static void reconstructions(Html page, Reconstructions shown) {
    page.open("figure", "class", "strips");
    page.open("figcaption").element("b", "Reconstructions").text(" ");
    page.element("span", "test images: " + String.join(", ", shown.labels())).close();
    strip(page, "original", "", shown.originals());
    for (Reconstructions.Row row : shown.rows()) {
      strip(page, row.title(), "error " + Figures.small(row.error()), row.picture());
    }
    page.close();
  }

  private static void strip(Html page, String title, String detail, Picture picture) {
    page.open("div", "class", "strip");
    page.open("span").element("b", title).element("small", detail).close();
    page.picture(picture, 3);
    page.close();
  }

  private static void filters(Html page, Picture filters) {
    page.open("figure", "class", "filters");
    page.open("figcaption").element("b", "First-layer filters").text(" ");
    page.element("span", "each scaled to its own range").close();
    page.picture(filters, 6);
    page.close();
  }
}
