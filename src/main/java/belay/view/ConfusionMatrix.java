package belay.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How often samples of each class were taken for each class.
 *
 * @param names of the classes, in the order of their labels
 * @param counts [actual, predicted]
 */
public record ConfusionMatrix(List<String> names, int[][] counts) {
  private static final int WIDEST_NAME = 16;
  private static final int NARROWEST_CELL = 6;

  public ConfusionMatrix {
    names = List.copyOf(names);
    int classes = names.size();
    if (counts.length != classes || Arrays.stream(counts).anyMatch(r -> r.length != classes)) {
      throw new IllegalArgumentException("the counts are not " + classes + " x " + classes);
    }
    counts = Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  /**
   * @param names of the classes
   * @param actual labels 0 to names - 1, one a sample
   * @param predicted labels 0 to names - 1, one a sample
   */
  public static ConfusionMatrix of(List<String> names, int[] actual, int[] predicted) {
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException(
          actual.length + " labels and " + predicted.length + " predictions do not match");
    }
    int[][] counts = new int[names.size()][names.size()];
    for (int i = 0; i < actual.length; i++) {
      counts[actual[i]][predicted[i]]++;
    }
    return new ConfusionMatrix(names, counts);
  }

  public int samples() {
    return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
  }

  public int correct() {
    return IntStream.range(0, names.size()).map(c -> counts[c][c]).sum();
  }

  /** Share of the samples whose class was found, 0 to 1; NaN without samples. */
  public double accuracy() {
    return (double) correct() / samples();
  }

  /** Share of the samples taken for a class that belong to it; NaN if none was. */
  public double precision(int label) {
    int taken = IntStream.range(0, names.size()).map(c -> counts[c][label]).sum();
    return (double) counts[label][label] / taken;
  }

  /** Share of a class's samples that were found; NaN if it has none. */
  public double recall(int label) {
    return (double) counts[label][label] / Arrays.stream(counts[label]).sum();
  }

  /**
   * A table for a terminal: rows are actual classes, columns predicted ones; ends with a newline.
   */
  public String text() {
    int head = Math.min(WIDEST_NAME, longest("precision", names));
    int cell = Math.max(NARROWEST_CELL, String.valueOf(samples()).length());
    StringBuilder text = new StringBuilder("Rows: actual class. Columns: predicted class.\n");
    text.append(right("", head)).append(cells(cell, c -> names.get(c)));
    text.append("  ").append(right("recall", NARROWEST_CELL)).append('\n');
    for (int row = 0; row < names.size(); row++) {
      int[] line = counts[row];
      text.append(right(names.get(row), head)).append(cells(cell, c -> String.valueOf(line[c])));
      text.append("  ").append(right(percent(recall(row)), NARROWEST_CELL)).append('\n');
    }
    text.append(right("precision", head)).append(percentages(cell, this::precision)).append('\n');
    return text.append(summary()).append('\n').toString();
  }

  /** Counts and recall, a row for each actual class. */
  public Table table() {
    List<String> headings = new ArrayList<>(List.of("actual"));
    headings.addAll(names);
    headings.add("recall");
    Table table = new Table(headings.toArray(String[]::new));
    for (int row = 0; row < names.size(); row++) {
      List<Object> cells = new ArrayList<>(List.of(names.get(row)));
      Arrays.stream(counts[row]).forEach(cells::add);
      cells.add(recall(row));
      table.row(cells.toArray());
    }
    return table;
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "accuracy %s (%d of %d)",
        samples() == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * accuracy()),
        correct(),
        samples());
  }

  private String percentages(int width, IntToDoubleFunction share) {
    return cells(width, c -> percent(share.applyAsDouble(c)));
  }

  private String cells(int width, IntFunction<String> cell) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < names.size(); c++) {
      line.append(' ').append(right(cell.apply(c), width));
    }
    return line.toString();
  }

  private static int longest(String first, List<String> others) {
    return Math.max(first.length(), others.stream().mapToInt(String::length).max().orElse(0));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** Right-aligned; what is too long loses its end. */
  private static String right(String text, int width) {
    String cut = text.length() > width ? text.substring(0, width) : text;
    return " ".repeat(width - cut.length()) + cut;
  }
}
