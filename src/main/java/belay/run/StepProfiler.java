package belay.run;

import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.checkpoint.StepTimes;
import belay.conf.settings.TrainSettings;
import belay.data.RowOrder;
import belay.error.StoppedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures where the time of a step goes, on a plan that has done its work. */
final class StepProfiler {
  private static final System.Logger LOG = System.getLogger("belay.train");
  private static final int TIMINGS = 3;
  private static final int MOST_STEPS = 50;
  private static final double SECONDS = 0.2;

  private final TrainPlan plan;
  private final TrainSettings settings;
  private final int[] rows;

  StepProfiler(TrainPlan plan, TrainSettings settings, int trainImages) {
    this.plan = plan;
    this.settings = settings;
    this.rows =
        Arrays.copyOf(RowOrder.identity(trainImages), Math.min(settings.batch(), trainImages));
  }

  /** Empty, with a warning, if that fails: the training is complete without it. */
  Optional<StepTimes> profile(String device) {
    try {
      double step = step();
      List<TrainPlan.OperationTime> operations = plan.profile(rows);
      return Optional.of(
          new StepTimes(
              device,
              settings.precision().name().toLowerCase(Locale.ROOT),
              settings.batch(),
              rows.length,
              step,
              Instant.now(),
              operations.stream().map(StepProfiler::kept).toList()));
    } catch (StoppedException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "The step's operations are not timed: " + e);
      return Optional.empty();
    }
  }

  private static StepTimes.Operation kept(TrainPlan.OperationTime time) {
    return new StepTimes.Operation(
        time.name(), time.layer(), time.pass(), time.seconds(), time.flop());
  }

  /** Median of several timings; the steps before, of training, have warmed up. */
  private double step() {
    int steps = (int) Math.max(1, Math.min(MOST_STEPS, SECONDS / time(1)));
    double[] timings = new double[TIMINGS];
    for (int i = 0; i < TIMINGS; i++) {
      timings[i] = time(steps) / steps;
    }
    Arrays.sort(timings);
    return timings[TIMINGS / 2];
  }

  private double time(int steps) {
    long began = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      plan.step(rows, new StepScalars(0));
    }
    plan.tally(); // waits for the device
    return (System.nanoTime() - began) * 1e-9;
  }
}
