package belay.checkpoint;

import belay.storage.DiskProblem;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What is wrong with the leases of a directory that no living process has. */
public final class LeaseCheck {
  private LeaseCheck() {}

  /**
   * @param problem to stand after the file's name
   */
  public record Flaw(Path file, String problem) {}

  /**
   * What keeps everybody from taking the directory: no files in place of leases, and the last
   * number.
   *
   * @param waits whether to wait here already for an owner that {@link RunLease#acquire} waits for
   * @throws belay.error.BusyException if a living process has the directory
   * @throws belay.error.DataException if it cannot be read
   */
  public static List<Flaw> inTheWay(
      Path run, boolean waits, RunLease.Timing timing, BooleanSupplier stop) {
    LeaseFiles files = new LeaseFiles(run);
    LeaseClaim claim = new LeaseClaim(files, run, timing, stop, LeaseOwner.self());
    List<Flaw> flaws = new ArrayList<>();
    try {
      for (int number : files.numbers()) {
        Optional<Flaw> flaw = unfit(files, number);
        if (flaw.isEmpty()) {
          if (waits || LeaseFiles.isLast(number) || !flaws.isEmpty()) {
            claim.await(number);
          }
          if (!LeaseFiles.isLast(number)) {
            break;
          }
          flaw = Optional.of(new Flaw(files.path(number), "bears the last number of all"));
        }
        flaw.ifPresent(flaws::add);
      }
      return flaws;
    } catch (IOException e) {
      throw DiskProblem.of("read the leases of", run, e);
    }
  }

  private static Optional<Flaw> unfit(LeaseFiles files, int number) throws IOException {
    try {
      files.read(number);
      return Optional.empty();
    } catch (UnfitFileException e) {
      String name = files.path(number).getFileName() + " ";
      return Optional.of(new Flaw(files.path(number), e.getReason().substring(name.length())));
    }
  }

  /**
   * What whoever takes the directory next takes over or deletes: a lease that is none, or was never
   * given back, and what is left of earlier ones.
   *
   * @throws belay.error.DataException if the directory cannot be read
   */
  public static List<Flaw> flaws(Path run) {
    LeaseFiles files = new LeaseFiles(run);
    List<Flaw> flaws = new ArrayList<>();
    try {
      int present = 0;
      for (int number : files.numbers()) {
        if (!LeaseFiles.isLast(number) && unfit(files, number).isEmpty()) {
          present = number;
          break;
        }
      }
      Path file = files.path(present);
      files
          .read(present)
          .flatMap(LeaseCheck::flaw)
          .ifPresent(text -> flaws.add(new Flaw(file, text)));
      for (Path left : files.leftBelow(present)) {
        flaws.add(new Flaw(left, "is left of an earlier owner"));
      }
      return flaws;
    } catch (IOException e) {
      throw DiskProblem.of("read the leases of", run, e);
    }
  }

  private static Optional<String> flaw(String text) {
    Optional<Lease> lease = Lease.parse(text);
    if (lease.isEmpty()) {
      return Optional.of("is no lease");
    }
    return lease.get().released() == null
        ? Optional.of("was never given back by " + lease.get() + ", which is gone")
        : Optional.empty();
  }
}
