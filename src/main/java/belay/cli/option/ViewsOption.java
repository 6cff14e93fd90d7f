package belay.cli.option;

import belay.data.augment.TestViews;
import picocli.CommandLine.Option;

/** How networks see the images that they classify. */
public final class ViewsOption {
  @Option(
      names = "--views",
      paramLabel = "VIEWS",
      description =
          "How a network sees each image: none but itself, mirror (and its mirror image), shift (those,"
              + " and by a pixel along a diagonal, which count half); ${DEFAULT-VALUE} if not given.")
  private TestViews views = TestViews.NONE;

  public TestViews get() {
    return views;
  }
}
