package belay.data.source;

import belay.data.source.PictureTree.OfClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pictures are training and which are test images, in the order in which an image set has
 * them: the first of each class, then the second of each, and so on, so that the first thousand, as
 * train.limit takes them, are of all classes.
 *
 * @param root names of pictures are shown from here
 * @param classNames in the order of the labels
 */
record PictureList(Path root, List<String> classNames, List<Entry> train, List<Entry> test) {
  /** A picture and its class. */
  record Entry(Path file, int label) {}

  /**
   * Lists them without opening any.
   *
   * @param percent of each class to hold out where the tree has no test images
   */
  static PictureList of(PictureTree tree, int percent) {
    List<OfClass> classes = tree.classes();
    List<String> names = classes.stream().map(OfClass::name).toList();
    if (tree.test().isPresent()) {
      List<Entry> test = dealt(files(tree.testClasses(names)));
      return new PictureList(tree.root(), names, dealt(files(classes)), test);
    }
    List<List<Path>> train = new ArrayList<>();
    List<List<Path>> test = new ArrayList<>();
    TestSplit heldOut = new TestSplit(percent);
    for (int label = 0; label < classes.size(); label++) {
      List<Path> pictures = classes.get(label).pictures();
      boolean[] isTest = heldOut.choose(label, pictures.size());
      train.add(chosen(pictures, isTest, false));
      test.add(chosen(pictures, isTest, true));
    }
    return new PictureList(tree.root(), names, dealt(train), dealt(test));
  }

  int count() {
    return train.size() + test.size();
  }

  /** Training images, then test images. */
  List<Entry> all() {
    List<Entry> all = new ArrayList<>(train);
    all.addAll(test);
    return all;
  }

  /** The name of a picture below the root. */
  String name(Entry entry) {
    return root.relativize(entry.file()).toString();
  }

  private static List<List<Path>> files(List<OfClass> classes) {
    return classes.stream().map(OfClass::pictures).toList();
  }

  private static List<Path> chosen(List<Path> pictures, boolean[] marks, boolean mark) {
    List<Path> chosen = new ArrayList<>();
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] == mark) {
        chosen.add(pictures.get(i));
      }
    }
    return chosen;
  }

  private static List<Entry> dealt(List<List<Path>> classes) {
    List<Entry> dealt = new ArrayList<>();
    int most = classes.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      for (int label = 0; label < classes.size(); label++) {
        if (i < classes.get(label).size()) {
          dealt.add(new Entry(classes.get(label).get(i), label));
        }
      }
    }
    return dealt;
  }
}
