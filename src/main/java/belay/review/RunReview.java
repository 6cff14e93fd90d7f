package belay.review;

import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunStatus;
import belay.conf.Configuration;
import belay.conf.ConfigurationSources;
import belay.data.ImageSet;
import belay.error.BelayException;
import belay.hdf.Hdf5Reader;
import belay.view.Judgement;
import belay.view.Outcome;
import belay.view.Picture;
import belay.view.Reconstructions;
import belay.view.RunView;
import belay.view.StageView;
import belay.view.Standing;
import belay.view.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gathers what the page shows of one run. A part that cannot be read is left out, with a note that
 * says why: the run may be at work, and its files come and go.
 */
final class RunReview {
  private final RunRecord run;
  private final String name;
  private final TestImages testImages;
  private final Gallery gallery;
  private final List<String> notes = new ArrayList<>();

  RunReview(RunRecord run, String name, TestImages testImages, Gallery gallery) {
    this.run = run;
    this.name = name;
    this.testImages = testImages;
    this.gallery = gallery;
  }

  /** A checkpoint that could be read. */
  private record Newest(Path file, CheckpointFile.Outline outline) {}

  RunView view(Instant now) {
    AttemptHistory history = new AttemptHistory(run, now);
    List<Work> works = part(history::works).orElse(List.of());
    List<StageView> stages = part(() -> history.stages(works)).orElse(List.of());
    Map<String, String> configuration = part(run::configuration).orElseGet(RunProperties::defaults);
    Optional<Newest> newest = newest();
    Map<String, String> shown = part(() -> shown(newest)).orElse(configuration);
    Optional<ImageSet> images = newest.flatMap(n -> part(() -> images(n)));
    return new RunView(
        name,
        run.path().toAbsolutePath().normalize().toString(),
        standing(configuration),
        shown,
        part(() -> EpochColumns.of(run, configuration)).orElseGet(EpochColumns::none),
        works,
        stages,
        newest.map(n -> NetworkReader.view(n.outline().network())),
        reconstructions(newest, images),
        newest.flatMap(this::filters),
        judgement(newest, images),
        part(() -> run.directory().profile()).flatMap(times -> times.map(Profiles::view)),
        provenance(newest),
        part(() -> commands(newest, works)).flatMap(text -> text),
        notes);
  }

  private Standing standing(Map<String, String> configuration) {
    Optional<RunStatus> status = part(run::status).flatMap(known -> known);
    Optional<EpochLine> last = part(run::last).flatMap(line -> line);
    Outcome outcome = part(run::outcome).orElse(Outcome.NEW);
    return new Standing(
        outcome,
        status.map(RunStatus::stage).orElse(""),
        last.map(EpochLine::epoch).orElse(0),
        Numbers.parse(configuration.getOrDefault("train.epochs", "0")).orElse(0.0).intValue(),
        status.map(RunStatus::step).orElse(0L),
        run.lastSign().orElse(null),
        outcome == Outcome.DONE ? "" : part(run::message).orElse(""));
  }

  /** The keys of the training as its newest checkpoint has them: it was made with them. */
  private Map<String, String> shown(Optional<Newest> newest) {
    Map<String, String> shown = new LinkedHashMap<>(run.shown());
    newest.map(n -> n.outline().configuration()).orElse(Map.of()).entrySet().stream()
        .filter(key -> key.getKey().startsWith("train."))
        .filter(key -> !run.history().values().containsKey(key.getKey()))
        .forEach(key -> shown.put(key.getKey(), key.getValue()));
    return shown;
  }

  private Optional<Newest> newest() {
    Checkpoints checkpoints = new Checkpoints(run.directory().checkpoints());
    List<CheckpointName> names = part(checkpoints::list).orElse(List.of());
    for (CheckpointName checkpoint : names) {
      Path file = checkpoints.file(checkpoint);
      Optional<Newest> read = part(() -> new Newest(file, CheckpointFile.readOutline(file)));
      if (read.isPresent()) {
        return read;
      }
    }
    return Optional.empty();
  }

  private ImageSet images(Newest newest) {
    Configuration kept =
        Configuration.load(
            ConfigurationSources.of(Map.of()).withBase(run.directory().properties()));
    return testImages.of(
        kept.settings().data(),
        newest.outline().network().input(),
        newest.outline().provenance().get("data-digest"));
  }

  private Optional<Reconstructions> reconstructions(
      Optional<Newest> newest, Optional<ImageSet> images) {
    if (newest.isEmpty() || images.isEmpty()) {
      return Optional.empty();
    }
    CheckpointFile.Outline outline = newest.get().outline();
    if (outline.network().classes() > 0) {
      return Optional.empty();
    }
    Checkpoints checkpoints = new Checkpoints(run.directory().checkpoints());
    return part(() ->
            gallery.reconstructions(
                checkpoints, outline.network(), images.get(), outline.classNames()))
        .filter(shown -> !shown.rows().isEmpty());
  }

  private Optional<Picture> filters(Newest newest) {
    return part(() -> Gallery.filters(newest.file(), newest.outline().network()))
        .flatMap(filters -> filters);
  }

  private Optional<Judgement> judgement(Optional<Newest> newest, Optional<ImageSet> images) {
    List<String> names = newest.map(n -> n.outline().classNames()).orElse(List.of());
    return part(run::judgement)
        .flatMap(judgement -> judgement)
        .map(
            judgement ->
                new JudgementReader(judgement, names, images, gallery.effort(), origin()).view());
  }

  /** What the accuracy belongs to, if not to the losses beside it; told in a note too. */
  private String origin() {
    Optional<String> origin = part(run.lineage()::otherOrigin).flatMap(other -> other);
    origin.ifPresent(
        other ->
            notes.add(
                "The SVM's accuracy is that of features %s, the loss is of epoch %d."
                    .formatted(
                        other,
                        part(run::best).flatMap(best -> best).map(EpochLine::epoch).orElse(0))));
    return origin.orElse("");
  }

  private List<RunView.Facts> provenance(Optional<Newest> newest) {
    List<RunView.Facts> facts = new ArrayList<>();
    newest.ifPresent(
        n ->
            facts.add(
                new RunView.Facts(n.file().getFileName().toString(), n.outline().provenance())));
    for (Path file : List.of(run.directory().features(), run.directory().svm())) {
      if (Files.exists(file)) {
        part(() -> provenance(file)).ifPresent(facts::add);
      }
    }
    return facts;
  }

  private static RunView.Facts provenance(Path file) {
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      return new RunView.Facts(file.getFileName().toString(), reader.texts("/provenance"));
    }
  }

  private Optional<String> commands(Optional<Newest> newest, List<Work> works) {
    Recipe recipe = new Recipe(run, newest.map(Newest::outline));
    if (recipe.steps().isEmpty() && recipe.remarks().isEmpty()) {
      return Optional.empty();
    }
    String maker =
        newest
            .map(n -> n.outline().provenance())
            .filter(facts -> facts.containsKey("belay-version"))
            .map(facts -> facts.get("belay-version") + ", " + facts.get("arithmetic"))
            .orElseGet(() -> works.isEmpty() ? "" : works.get(works.size() - 1).version());
    String again = run.path().toAbsolutePath().normalize().getFileName() + "-again";
    return Optional.of(RepeatCommands.of(maker, again, recipe.steps(), recipe.remarks()));
  }

  /** The part, or a note why it is not there. */
  private <T> Optional<T> part(Supplier<T> source) {
    try {
      return Optional.ofNullable(source.get());
    } catch (BelayException e) {
      boolean isNew = !notes.contains(e.getMessage());
      if (isNew) {
        notes.add(e.getMessage());
      }
      return Optional.empty();
    }
  }
}
