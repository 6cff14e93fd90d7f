package belay.view;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the page shows of one run. Every part may be absent or empty: the run may have just
 * begun, or be older than what writes that part.
 *
 * @param name short, and different from those of the other runs on the page
 * @param directory where it lies
 * @param configuration effective values by key
 * @param notes what could not be read and why, a sentence each
 */
public record RunView(
    String name,
    String directory,
    Standing standing,
    Map<String, String> configuration,
    Epochs epochs,
    List<Work> attempts,
    List<StageView> stages,
    Optional<NetworkView> network,
    Optional<Reconstructions> reconstructions,
    Optional<Picture> filters,
    Optional<Judgement> judgement,
    Optional<StepView> profile,
    List<Facts> provenance,
    Optional<String> commands,
    List<String> notes) {

  public RunView {
    attempts = List.copyOf(attempts);
    stages = List.copyOf(stages);
    provenance = List.copyOf(provenance);
    notes = List.copyOf(notes);
  }

  /** A table of two columns: provenance of one file. */
  public record Facts(String title, Map<String, String> entries) {}

  /** Of all attempts. */
  public GpuTime gpu() {
    return attempts.stream().map(Work::gpu).reduce(GpuTime.NONE, GpuTime::plus);
  }

  public double accuracy() {
    return judgement.map(j -> j.confusion().accuracy()).orElse(Double.NaN);
  }
}
