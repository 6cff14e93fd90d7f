package belay.run;

import belay.svm.Grid;
import belay.svm.Selection;
import belay.view.Table;

/** The scores of cross-validation for people. */
final class SelectionTable {
  private SelectionTable() {}

  static String text(Selection selection) {
    Table table = new Table("c", "gamma", "accuracy", "deviation", "chosen");
    for (int i = 0; i < selection.candidates().size(); i++) {
      Grid.Candidate candidate = selection.candidates().get(i);
      table.row(
          candidate.c(),
          candidate.gamma() == 0 ? null : candidate.gamma(),
          selection.mean(i),
          selection.deviation(i),
          i == selection.best() ? "*" : null);
    }
    return table.text();
  }
}
