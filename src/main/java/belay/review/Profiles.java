package belay.review;

import belay.checkpoint.StepTimes;
import belay.report.StepProfile;
import java.util.Optional;

/** The time of a step by operation, as the page shows it. */
final class Profiles {
  private Profiles() {}

  /** Empty for a file that lacks the operations. */
  static Optional<StepProfile> view(StepTimes times) {
    if (times.operations() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new StepProfile(
            orEmpty(times.device()),
            times.batch(),
            times.stepSeconds(),
            times.operations().stream().map(Profiles::view).toList()));
  }

  private static StepProfile.Operation view(StepTimes.Operation operation) {
    return new StepProfile.Operation(
        orEmpty(operation.name()),
        orEmpty(operation.layer()),
        orEmpty(operation.pass()),
        operation.seconds(),
        operation.flop());
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
