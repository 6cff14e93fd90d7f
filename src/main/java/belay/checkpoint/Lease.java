package belay.checkpoint;

import belay.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * The content of a lease file.
 *
 * @param token drawn anew for each lease
 * @param work what the owner does, for people: "train, slurm job 4711"
 * @param intervalSeconds between two heartbeats
 * @param beat counts the heartbeats
 * @param released when the owner ended in good order, null before
 */
record Lease(
    String token,
    LeaseOwner owner,
    String work,
    Instant since,
    double intervalSeconds,
    long beat,
    Instant released) {
  private static final int MOST_SHOWN = 300;

  Lease next() {
    return new Lease(token, owner, work, since, intervalSeconds, beat + 1, null);
  }

  Lease release(Instant now) {
    return new Lease(token, owner, work, since, intervalSeconds, beat, now);
  }

  String text() {
    return Json.line(this) + "\n";
  }

  /** Empty for what is no lease: cut short by a full disk, or edited by hand. */
  static Optional<Lease> parse(String text) {
    try {
      return Optional.ofNullable(Json.read(text, Lease.class)).filter(Lease::complete);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean complete() {
    return token != null
        && owner != null
        && owner.host() != null
        && owner.bootId() != null
        && owner.pidNamespace() != null
        && owner.user() != null
        && work != null
        && since != null;
  }

  @Override
  public String toString() {
    String text = owner + (work.isEmpty() ? "" : " (" + work + ")") + ", since " + since;
    // Whoever may write into the run directory may write anything into this file.
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
  }
}
