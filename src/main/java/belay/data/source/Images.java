package belay.data.source;

import belay.data.Dataset;
import belay.data.ImageFormat;
import java.util.List;

/**
 * What was read.
 *
 * @param dataset without what is damaged
 * @param damaged pictures that could not be read, a line each with the reason
 * @param sizes before anything was scaled
 */
public record Images(Dataset dataset, List<String> damaged, SizeRange sizes) {
  public Images {
    damaged = List.copyOf(damaged);
  }

  /** Images that were stored as they are. */
  static Images stored(Dataset dataset) {
    ImageFormat format = dataset.train().format();
    return new Images(dataset, List.of(), SizeRange.of(format.width(), format.height()));
  }
}
