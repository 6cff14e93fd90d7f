package belay.checkpoint;

import belay.net.Network;
import belay.net.TrainState;
import belay.train.Progress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a run needs to go on from between two steps, and what made it.
 *
 * @param configuration effective values by key
 * @param provenance what is worth knowing about the origin: version, data digest, host, device
 * @param classNames a name for each label
 */
public record Checkpoint(
    TrainState state,
    Progress progress,
    Network network,
    Map<String, String> configuration,
    Map<String, String> provenance,
    List<String> classNames) {

  public Checkpoint {
    configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
    classNames = List.copyOf(classNames);
  }

  /** The name of its file. */
  public CheckpointName name() {
    return CheckpointName.of(progress, state.step());
  }
}
