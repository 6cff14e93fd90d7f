package belay.inspect;

import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.data.source.ImageSource;
import belay.data.source.Images;
import belay.data.source.SizeRange;
import belay.net.Network;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is in a data set. */
public final class ImageSheet {
  private static final double MOST = 255;

  private ImageSheet() {}

  /**
   * @param images all that were read from the source
   * @param network that they may be for
   */
  public static Sheet of(ImageSource source, Images images, Network network) {
    Dataset dataset = images.dataset();
    return new Sheet()
        .facts("images", facts(source, images, network))
        .table("classes", classes(dataset))
        .table("channels of the training images, in [0, 1]", channels(dataset.train()))
        .table("cannot be read", damaged(images))
        .damaged(images.damaged().size());
  }

  private static Map<String, Object> facts(ImageSource source, Images images, Network network) {
    Dataset dataset = images.dataset();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("format", source.format());
    facts.put("place", source.place().toString());
    facts.put("training-images", dataset.train().count());
    facts.put("test-images", dataset.test().count());
    facts.put("classes", dataset.classNames().size());
    facts.put("height-width-channels", shape(dataset.train().format()).toString());
    facts.put("stored-as", sizes(images.sizes()));
    facts.put("network", fit(shape(dataset.train().format()), network));
    facts.put("digest", dataset.digest());
    return facts;
  }

  private static ImageShape shape(ImageFormat format) {
    return new ImageShape(format.height(), format.width(), format.channels());
  }

  private static String sizes(SizeRange sizes) {
    String least = "%d x %d".formatted(sizes.leastHeight(), sizes.leastWidth());
    String most = "%d x %d".formatted(sizes.mostHeight(), sizes.mostWidth());
    return least.equals(most) ? most : "%s to %s".formatted(least, most);
  }

  private static String fit(ImageShape images, Network network) {
    ImageShape input =
        new ImageShape(
            network.input().height(), network.input().width(), network.input().channels());
    return input.equals(images)
        ? "%s takes them".formatted(network.name())
        : "%s takes %s: set train.network to one for these".formatted(network.name(), input);
  }

  private static Table classes(Dataset dataset) {
    Table table = new Table("label", "class", "training", "test");
    int[] train = counts(dataset.train());
    int[] test = counts(dataset.test());
    for (int label = 0; label < dataset.classNames().size(); label++) {
      table.row(label, dataset.classNames().get(label), train[label], test[label]);
    }
    return table;
  }

  private static int[] counts(ImageSet set) {
    int[] counts = new int[set.format().classes()];
    for (int row = 0; row < set.count(); row++) {
      counts[set.label(row)]++;
    }
    return counts;
  }

  /** In whole numbers, so that the order of the sums does not matter. */
  private static Table channels(ImageSet set) {
    Table table = new Table("channel", "mean", "deviation");
    int plane = set.format().height() * set.format().width();
    double count = (double) set.count() * plane;
    for (int c = 0; c < set.format().channels(); c++) {
      long sum = 0;
      long squares = 0;
      for (int row = 0; row < set.count(); row++) {
        int first = row * set.format().imageBytes() + c * plane;
        for (int p = first; p < first + plane; p++) {
          int sample = set.pixels()[p] & 0xFF;
          sum += sample;
          squares += (long) sample * sample;
        }
      }
      double mean = sum / count;
      double variance = Math.max(0, squares / count - mean * mean);
      table.row(c, mean / MOST, Math.sqrt(variance) / MOST);
    }
    return table;
  }

  private static Table damaged(Images images) {
    Table table = new Table("problem");
    images.damaged().forEach(table::row);
    return table;
  }
}
