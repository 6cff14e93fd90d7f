package belay.job;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Stops the process in good order shortly before the job's time limit does so with SIGKILL: sites
 * need not send any signal. In a thread of its own, since a scheduler may take its time to answer.
 */
public final class EarlySave implements AutoCloseable {
  private static final Logger LOG = System.getLogger("belay.cluster");

  /** By which Slurm's own warning of the limit may come early, sbatch(1) --signal. */
  private static final Duration SLACK = Duration.ofSeconds(60);

  /** A job that is shorter than the margin must get something done too. */
  private static final int SMALLEST_SHARE = 4;

  private final Supplier<Optional<Instant>> find;
  private final Supplier<Optional<Instant>> findAgain;
  private final Duration margin;
  private final Runnable stop;
  private volatile Instant due; // from when on a stop is the time limit's; null while unknown
  private final Thread thread = new Thread(this::run, "belay-early-save");

  /**
   * @param find the end of the time limit
   * @param findAgain the same when it is near: somebody may have moved it
   */
  EarlySave(
      Supplier<Optional<Instant>> find,
      Supplier<Optional<Instant>> findAgain,
      Duration margin,
      Runnable stop) {
    this.find = find;
    this.findAgain = findAgain;
    this.margin = margin;
    this.stop = stop;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Watches over the job of this process; does nothing outside a job.
   *
   * @param margin before the end of the time limit; zero for not at all
   * @param timeout of a question to the scheduler
   */
  public static EarlySave watch(Duration margin, Duration timeout) {
    JobEnd end = new JobEnd(System.getenv(), timeout);
    Supplier<Optional<Instant>> find = margin.isZero() ? Optional::empty : end::find;
    return new EarlySave(find, end::findAgain, margin, () -> StopSignals.request("walltime"));
  }

  private void run() {
    try {
      Optional<Instant> limit = find.get();
      if (limit.isPresent()) {
        await(limit.get(), Instant.now());
        if (!Thread.interrupted()) {
          stop.run();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void await(Instant limit, Instant began) throws InterruptedException {
    Instant end = limit;
    Instant save = moment(end, began);
    due = due(end, began);
    LOG.log(Level.INFO, "time-limit={0} saves-at={1}", shown(end), shown(save));
    while (true) {
      Thread.sleep(Math.max(0, Duration.between(Instant.now(), save).toMillis()));
      end = findAgain.get().orElse(end);
      save = moment(end, began);
      due = due(end, began);
      if (!save.isAfter(Instant.now())) {
        LOG.log(Level.INFO, "time-limit={0} saving=true", shown(end));
        return;
      }
    }
  }

  /** Whether a stop that was just asked for is that of the time limit, whoever asked. */
  public boolean isDue() {
    Instant from = due;
    return from != null && !Instant.now().isBefore(from);
  }

  private Instant due(Instant end, Instant began) {
    Instant warned = moment(end, began).minus(SLACK);
    Instant half = began.plus(Duration.between(began, end).dividedBy(2));
    return warned.isAfter(half) ? warned : half;
  }

  private Instant moment(Instant end, Instant began) {
    Duration share = Duration.between(began, end).dividedBy(SMALLEST_SHARE);
    return end.minus(share.compareTo(margin) < 0 ? share : margin);
  }

  private static Instant shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
