package belay.run;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.KeyHistory;
import java.util.List;
import java.util.Map;

/**
 * What is no key and yet decides the last bits of the weights. A run that goes on with another is
 * warned, and its files keep what was before.
 */
final class Arithmetics {
  private static final System.Logger LOG = System.getLogger("belay.train");
  private static final String DEVICE = "arithmetic";
  private static final String SUMS = "order-of-sums";
  private static final List<String> FACTS = List.of(DEVICE, "belay-version", SUMS);

  /** What checkpoints of the version without shards do not say of themselves. */
  private static final Map<String, String> BEFORE = Map.of(SUMS, "launch by launch");

  /** The precision is a key of its own, which the arithmetic repeats. */
  private static final String PRECISION = ", (fp32|tf32|bf16|fp16)$";

  private Arithmetics() {}

  /**
   * @param ofDevice what a backend and its precision compute with
   */
  static void add(Provenance facts, String ofDevice) {
    facts.put(DEVICE, ofDevice);
    facts.put(SUMS, "shard by shard");
  }

  /**
   * Warns of each fact that has changed since a checkpoint.
   *
   * @param keys the history of the keys
   * @return that of the facts too
   */
  static KeyHistory history(Checkpoint before, Map<String, String> now, KeyHistory keys) {
    KeyHistory history = keys;
    for (String fact : FACTS) {
      String then = before.provenance().getOrDefault(fact, BEFORE.get(fact));
      if (!now.get(fact).equals(then)) {
        history = and(fact, then, now.get(fact), before, history);
        LOG.log(
            System.Logger.Level.WARNING,
            "%s=\"%s\" before=\"%s\": the weights may differ in their last bits from those of an uninterrupted run"
                .formatted(fact, now.get(fact), then));
      }
    }
    return history;
  }

  private static KeyHistory and(
      String fact, String then, String now, Checkpoint after, KeyHistory history) {
    String before = then == null ? "unknown" : then.replaceFirst(PRECISION, "");
    String present = now.replaceFirst(PRECISION, "");
    return before.equals(present) ? history : history.with(fact, before, present, after.name());
  }
}
