package belay.checkpoint;

import belay.error.BusyException;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The right to write into a run directory; one process has it at a time. It needs no file locks,
 * which many shared file systems lack or only pretend to have.
 *
 * <p>The owner is whoever created the lease file with the highest number, and shows by a counter in
 * that file, the heartbeat, that it lives. Of an owner on the same machine the process table tells
 * at once whether it lives; any other is dead when its file has stayed the same for a while by the
 * clock of the one who looks, so clocks need not agree. Who takes over creates the next number,
 * which only one can, and deletes the old lease, which an owner that was only asleep notices before
 * it writes anything ({@link #check}).
 *
 * <p>Between an owner's check and its rename there remains a moment in which it may be stopped and
 * overtaken. Every file of a run is whole, and a function of the run alone, so that the late rename
 * can only put the same content there again.
 */
public final class RunLease implements Fence, AutoCloseable {
  private final LeaseFiles files;
  private final int number;
  private final Lease lease;
  private final Heartbeat heartbeat;
  private volatile boolean closed;

  private RunLease(LeaseFiles files, int number, Lease lease) throws IOException {
    this.files = files;
    this.number = number;
    this.lease = lease;
    heartbeat = new Heartbeat(files, number, lease);
  }

  /**
   * How the owner shows that it lives, and how long others wait for that.
   *
   * @param heartbeat between two heartbeats
   * @param staleAfter silence after which an owner on another machine counts as dead; where the
   *     owner's own heartbeat is slower, three of those
   */
  public record Timing(Duration heartbeat, Duration staleAfter) {
    public static final Timing USUAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  /**
   * Takes the run directory, at once if it is free, and after {@code staleAfter} if its owner on
   * another machine shows no sign of life.
   *
   * @param run an existing run directory
   * @param work what the owner is about to do, for the messages of those who are refused: "train,
   *     slurm job 4711"
   * @throws BusyException if a living process has it
   * @throws belay.error.StoppedException if asked to stop while waiting
   * @throws belay.error.DataException if the directory cannot be written
   */
  public static RunLease acquire(Path run, String work, Timing timing, BooleanSupplier stop) {
    return acquire(run, work, timing, stop, LeaseOwner.self());
  }

  static RunLease acquire(
      Path run, String work, Timing timing, BooleanSupplier stop, LeaseOwner self) {
    LeaseFiles files = new LeaseFiles(run);
    try {
      LeaseClaim claim = new LeaseClaim(files, run, timing, stop, self);
      Lease lease = claim.draft(work);
      return new RunLease(files, claim.win(lease), lease);
    } catch (IOException e) {
      throw DiskProblem.of("take the run directory", run, e);
    }
  }

  @Override
  public void check() throws IOException {
    if (closed) {
      throw new IllegalStateException("The lease was given back before the last write");
    }
    if (!files.owns(number, lease.token())) {
      throw new BusyException(loss());
    }
  }

  private String loss() throws IOException {
    int highest = files.highest();
    String taker =
        files
            .read(highest)
            .flatMap(Lease::parse)
            .map(other -> "to " + other)
            .orElse("because its lease " + files.path(number).getFileName() + " was removed");
    return "Lost the run directory "
        + files.path(number).getParent()
        + " "
        + taker
        + ". This process showed no sign of life for too long, and has stopped without writing.";
  }

  /** Ends the heartbeat and marks the lease as released, for the next process to begin at once. */
  @Override
  public void close() {
    closed = true;
    heartbeat.close();
  }
}
