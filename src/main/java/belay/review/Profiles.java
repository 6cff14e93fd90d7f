package belay.review;

import belay.checkpoint.StepTimes;
import belay.view.StepView;

/** The time of a step by operation, as the page shows it. */
final class Profiles {
  private Profiles() {}

  static StepView view(StepTimes times) {
    return new StepView(
        times.device(),
        times.batch(),
        times.stepSeconds(),
        times.operations().stream().map(Profiles::view).toList());
  }

  private static StepView.Operation view(StepTimes.Operation operation) {
    return new StepView.Operation(
        operation.name(),
        orEmpty(operation.layer()),
        orEmpty(operation.pass()),
        operation.seconds(),
        operation.flop());
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
