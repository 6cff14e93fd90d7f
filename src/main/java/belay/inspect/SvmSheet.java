package belay.inspect;

import belay.hdf.Hdf5Reader;
import belay.report.ConfusionMatrix;
import belay.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A classifier: its kernel, support vectors, problems, and what it said of the test images. */
final class SvmSheet {
  private SvmSheet() {}

  static void add(Sheet sheet, Hdf5Reader reader) {
    int[] classes = reader.ints("/model/classes");
    List<String> names = names(reader, classes);
    sheet
        .facts("model", model(reader))
        .table("classes", classes(reader, classes, names))
        .table("problems", problems(reader, names))
        .table("confusion", confusion(reader, classes, names));
  }

  private static Map<String, Object> model(Hdf5Reader reader) {
    Map<String, Object> facts = new LinkedHashMap<>(reader.attributes("/model"));
    List<Long> shape = reader.shape("/model/support");
    facts.put("support-vectors", shape.get(0));
    facts.put("features", shape.get(1));
    return facts;
  }

  private static List<String> names(Hdf5Reader reader, int[] classes) {
    if (reader.has("/model/names")) {
      return reader.strings("/model/names");
    }
    List<String> names = new ArrayList<>();
    for (int label : classes) {
      names.add(Integer.toString(label));
    }
    return names;
  }

  private static Table classes(Hdf5Reader reader, int[] classes, List<String> names) {
    int[] support = reader.ints("/model/support_counts");
    Table table = new Table("label", "class", "support-vectors");
    for (int c = 0; c < classes.length; c++) {
      table.row(classes[c], names.get(c), support[c]);
    }
    return table;
  }

  private static Table problems(Hdf5Reader reader, List<String> names) {
    double[] rho = reader.doubles("/model/rho");
    Table table = new Table("problem", "first", "second", "rho");
    int problem = 0;
    for (int a = 0; a < names.size(); a++) {
      for (int b = a + 1; b < names.size(); b++) {
        table.row(problem + 1, names.get(a), names.get(b), rho[problem++]);
      }
    }
    return table;
  }

  private static Table confusion(Hdf5Reader reader, int[] classes, List<String> names) {
    int[] labels = reader.ints("/test/labels");
    int[] predictions = reader.ints("/test/predictions");
    return ConfusionMatrix.of(names(classes, names, labels), labels, predictions).table();
  }

  /** By label: a test image may have a label that no training image had. */
  private static List<String> names(int[] classes, List<String> names, int[] labels) {
    List<String> byLabel = new ArrayList<>();
    int last = Math.max(max(classes), max(labels));
    for (int label = 0; label <= last; label++) {
      byLabel.add(Integer.toString(label));
    }
    for (int c = 0; c < classes.length; c++) {
      byLabel.set(classes[c], names.get(c));
    }
    return byLabel;
  }

  private static int max(int[] values) {
    int max = 0;
    for (int value : values) {
      max = Math.max(max, value);
    }
    return max;
  }
}
