package belay.svm;

import belay.backend.SampleFlaw;
import belay.error.DataException;

/** What to say of samples that cannot be used. */
final class Flaws {
  private Flaws() {}

  /**
   * @param row of the sample as its file has it
   */
  static DataException problem(SampleFlaw flaw, int row) {
    return new DataException(
        flaw.column() >= 0
            ? "Row %d, feature %d: %s is not a finite number; extract the features again, and if they stay so, train again at a lower train.learning-rate."
                .formatted(row, flaw.column(), (float) flaw.value())
            : "Row %d: its features are too large for single precision once squared; switch scaling on."
                .formatted(row));
  }
}
