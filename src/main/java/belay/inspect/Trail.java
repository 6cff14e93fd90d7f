package belay.inspect;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.data.Dataset;
import belay.data.Split;
import belay.data.source.Reading;
import belay.error.BelayException;
import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import belay.hdf.Sha256;
import belay.view.Table;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way back from a file to what it was made of: a classifier to features, features to a
 * checkpoint, a checkpoint to images. Each link is a digest that the younger file keeps of the
 * older one, computed anew here.
 */
public final class Trail {
  private static final String SAME = "right";

  private static final int SHORT_DIGEST = 12;

  /**
   * One file of the trail.
   *
   * @param verdict "whole", "right" or what is wrong
   * @param sha256 of what the younger file was made of, computed now; null where it cannot be
   * @param made when, by which belay, on which host, in which job; from the file's provenance
   */
  public record Link(
      String artifact, String file, String verdict, String sha256, Map<String, String> made) {}

  private final List<Link> links = new ArrayList<>();
  private final Optional<Path> data;
  private int broken;

  private Trail(Optional<Path> data) {
    this.data = data;
  }

  /**
   * @param file a classifier, features or a checkpoint, where its run wrote it
   * @param data directory of the images, if they have moved since
   * @throws DataException if that file is missing, damaged or not belay's
   */
  public static Trail of(Path file, Optional<Path> data) {
    Trail trail = new Trail(data);
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      Whole.any(file, reader);
      trail.whole(file, reader);
      trail.walk(file, reader);
    }
    return trail;
  }

  /** The file and each that it goes back to. */
  public List<Link> links() {
    return links;
  }

  /** The same for a terminal. */
  public Table table() {
    Table table =
        new Table("artifact", "file", "verdict", "sha256", "made", "belay", "host", "job");
    for (Link link : links) {
      Map<String, String> made = link.made();
      String job = made.getOrDefault("job-id", "");
      table.row(
          link.artifact(),
          link.file(),
          link.verdict(),
          link.sha256() == null ? null : link.sha256().substring(0, SHORT_DIGEST),
          made.getOrDefault("made", made.getOrDefault("attempt-began", ""))
              .replaceFirst("\\.\\d+Z$", "Z"),
          made.get("belay-version"),
          made.get("host"),
          job.isEmpty() ? null : made.get("scheduler") + " " + job);
    }
    return table;
  }

  /** Links that are missing or wrong. */
  public int broken() {
    return broken;
  }

  private void walk(Path file, Hdf5Reader reader) {
    switch (reader.text("/", "format")) {
      case "belay-svm" -> features(file, reader);
      case "belay-features" -> checkpoint(file, reader);
      case "belay-checkpoint" -> images(CheckpointFile.read(file));
      default -> throw reader.problem("is of no kind that has a history");
    }
  }

  private void features(Path svm, Hdf5Reader reader) {
    Path file = svm.resolveSibling("features.h5");
    String expected = reader.attributes("/provenance").get("features-sha256");
    older(
        "features",
        file,
        features -> {
          Whole.features(file);
          judge("features", file, expected, features.manifestSha256(), features);
          checkpoint(file, features);
        });
  }

  private void checkpoint(Path features, Hdf5Reader reader) {
    String name = reader.attributes("/provenance").getOrDefault("checkpoint", "");
    Path file;
    try {
      file = features.resolveSibling("checkpoints").resolve(name);
    } catch (InvalidPathException e) {
      broken("weights", name, "is no path");
      return;
    }
    String expected = reader.text("/", "weights_sha256");
    older(
        "weights",
        file,
        state -> {
          Checkpoint checkpoint = CheckpointFile.read(file);
          String found = Sha256.of(checkpoint.state().inferenceWeights());
          if (found.equals(expected) && !isTheFile(state, reader)) {
            row("weights", file, "right, in a file written anew since", found, state);
          } else {
            judge("weights", file, expected, found, state);
          }
          images(checkpoint);
        });
  }

  /** A run that was repeated writes the same weights at another time. */
  private static boolean isTheFile(Hdf5Reader checkpoint, Hdf5Reader features) {
    String kept = features.attributes("/provenance").get("checkpoint-sha256");
    return kept == null || kept.equals(checkpoint.manifestSha256());
  }

  private interface Step {
    void take(Hdf5Reader reader);
  }

  /** A file that is gone or damaged ends the trail, but not the report of it. */
  private void older(String artifact, Path file, Step step) {
    if (!Files.isRegularFile(file)) {
      broken(artifact, file.toString(), "is gone");
      return;
    }
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      step.take(reader);
    } catch (BelayException e) {
      broken(artifact, file.toString(), e.getMessage());
    }
  }

  private void images(Checkpoint checkpoint) {
    Map<String, String> keys = checkpoint.configuration();
    String shown = data.map(Path::toString).orElse(keys.getOrDefault("data.dir", ""));
    try {
      Path directory = data.orElseGet(() -> TrainedOn.directory(keys));
      Dataset images = TrainedOn.source(checkpoint, directory).read(Reading.whole()).dataset();
      Dataset used = Split.of(keys).of(images);
      String expected = checkpoint.provenance().get("data-digest");
      boolean isSame = used.digest().equals(expected);
      broken += isSame ? 0 : 1;
      String verdict = isSame ? SAME : "other images than it was trained with";
      links.add(new Link("images", shown, verdict, used.digest(), Map.of()));
    } catch (BelayException e) {
      broken("images", shown, e.getMessage());
    }
  }

  private void whole(Path file, Hdf5Reader reader) {
    row(
        reader.text("/", "format").replace("belay-", ""),
        file,
        "whole",
        reader.manifestSha256(),
        reader);
  }

  private void judge(String artifact, Path file, String expected, String found, Hdf5Reader reader) {
    if (found.equals(expected)) {
      row(artifact, file, SAME, found, reader);
    } else {
      broken++;
      String verdict =
          expected == null ? "no digest was kept of it" : "has been written anew since";
      row(artifact, file, verdict, found, reader);
    }
  }

  private void broken(String artifact, String file, String problem) {
    broken++;
    links.add(new Link(artifact, file, problem, null, Map.of()));
  }

  private void row(String artifact, Path file, String verdict, String digest, Hdf5Reader reader) {
    links.add(
        new Link(artifact, file.toString(), verdict, digest, reader.attributes("/provenance")));
  }
}
