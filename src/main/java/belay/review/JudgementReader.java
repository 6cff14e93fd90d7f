package belay.review;

import belay.data.ImageSet;
import belay.svm.SvmFile;
import belay.view.ConfusionMatrix;
import belay.view.Judgement;
import belay.view.Mosaic;
import belay.view.Picture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the classifier said, with examples of what it confuses. */
final class JudgementReader {

  private final SvmFile.Judgement judgement;
  private final List<String> names;
  private final Optional<ImageSet> images;
  private final Gallery.Effort effort;
  private final String origin;

  /**
   * @param images the test images, where they are at hand; left out if their labels differ
   * @param origin as {@link Judgement} has it
   */
  JudgementReader(
      SvmFile.Judgement judgement,
      List<String> classNames,
      Optional<ImageSet> images,
      Gallery.Effort effort,
      String origin) {
    this.effort = effort;
    this.origin = origin;
    this.judgement = judgement;
    this.names =
        IntStream.range(0, Math.max(judgement.classes(), classNames.size()))
            .mapToObj(label -> Gallery.name(classNames, label))
            .toList();
    this.images = images.filter(this::haveTheseLabels);
  }

  Judgement view() {
    ConfusionMatrix confusion =
        ConfusionMatrix.of(names, judgement.labels(), judgement.predictions());
    List<int[]> mistakes = new ArrayList<>(); // [count, actual, predicted]
    for (int actual = 0; actual < names.size(); actual++) {
      for (int predicted = 0; predicted < names.size(); predicted++) {
        int count = confusion.counts()[actual][predicted];
        if (actual != predicted && count > 0) {
          mistakes.add(new int[] {count, actual, predicted});
        }
      }
    }
    mistakes.sort(Comparator.comparingInt(mistake -> -mistake[0]));
    return new Judgement(
        confusion, mistakes.stream().limit(effort.pairs()).map(this::pair).toList(), origin);
  }

  private Judgement.Pair pair(int[] mistake) {
    String actual = names.get(mistake[1]);
    String predicted = names.get(mistake[2]);
    return new Judgement.Pair(
        actual,
        predicted,
        mistake[0],
        images.map(set -> examples(set, mistake[1], mistake[2], actual, predicted)));
  }

  private Picture examples(ImageSet set, int actual, int predicted, String is, String taken) {
    Mosaic mosaic = Gallery.mosaic(set.format(), effort.examples());
    IntStream.range(0, set.count())
        .filter(i -> judgement.labels()[i] == actual && judgement.predictions()[i] == predicted)
        .limit(effort.examples())
        .forEach(i -> mosaic.add(Tiles.stored(set, i)));
    return mosaic.picture("Test images of " + is + " that were taken for " + taken);
  }

  private boolean haveTheseLabels(ImageSet set) {
    return set.count() == judgement.labels().length
        && IntStream.range(0, set.count()).allMatch(i -> set.label(i) == judgement.labels()[i]);
  }
}
