package belay.inspect;

import belay.hdf.Hdf5Reader;
import belay.svm.SvmFile;
import belay.svm.SvmOutline;
import belay.view.ConfusionMatrix;
import belay.view.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A classifier: its kernel, support vectors, problems, and what it said of the test images. */
final class SvmSheet {
  private SvmSheet() {}

  static void add(Sheet sheet, Path file, Hdf5Reader reader) {
    SvmOutline model = SvmFile.readOutline(file);
    SvmFile.Judgement judgement = SvmFile.readJudgement(file);
    SvmFile.readSelection(file); // not shown, but no file is whole without it
    List<String> names = names(model);
    sheet
        .facts("model", model(model, reader))
        .table("classes", classes(model, names))
        .table("problems", problems(model, names))
        .table("confusion", confusion(model, names, judgement));
  }

  private static Map<String, Object> model(SvmOutline model, Hdf5Reader reader) {
    Map<String, Object> facts = new LinkedHashMap<>(reader.attributes("/model"));
    facts.put("support-vectors", (long) model.supportRows().length);
    facts.put("features", (long) model.features());
    return facts;
  }

  private static List<String> names(SvmOutline model) {
    if (!model.names().isEmpty()) {
      return model.names();
    }
    List<String> names = new ArrayList<>();
    for (int label : model.classes()) {
      names.add(Integer.toString(label));
    }
    return names;
  }

  private static Table classes(SvmOutline model, List<String> names) {
    Table table = new Table("label", "class", "support-vectors");
    for (int c = 0; c < names.size(); c++) {
      table.row(model.classes()[c], names.get(c), model.functions().counts()[c]);
    }
    return table;
  }

  private static Table problems(SvmOutline model, List<String> names) {
    Table table = new Table("problem", "first", "second", "rho");
    int problem = 0;
    for (int a = 0; a < names.size(); a++) {
      for (int b = a + 1; b < names.size(); b++) {
        double rho = model.functions().rho()[problem++];
        table.row(problem, names.get(a), names.get(b), rho);
      }
    }
    return table;
  }

  /** By label: a test image may have a label that no training image had. */
  private static Table confusion(
      SvmOutline model, List<String> names, SvmFile.Judgement judgement) {
    int[] classes = model.classes();
    List<String> byLabel = new ArrayList<>();
    int count = Math.max(classes[classes.length - 1] + 1, judgement.classes());
    for (int label = 0; label < count; label++) {
      byLabel.add(Integer.toString(label));
    }
    for (int c = 0; c < classes.length; c++) {
      byLabel.set(classes[c], names.get(c));
    }
    return ConfusionMatrix.of(byLabel, judgement.labels(), judgement.predictions()).table();
  }
}
