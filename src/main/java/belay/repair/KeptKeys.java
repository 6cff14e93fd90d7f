package belay.repair;

import belay.checkpoint.CheckpointFile;
import belay.checkpoint.KeyHistory;
import belay.conf.Configuration;
import belay.conf.ConfigurationSources;
import belay.error.BelayException;
import belay.error.ConfigurationException;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** run.properties, of which the newest checkpoint holds a copy. */
final class KeptKeys {
  private final Path file;
  private final Optional<Path> checkpoint;
  private final Mending mending;

  /**
   * @param checkpoint the newest that is whole
   */
  KeptKeys(Path file, Optional<Path> checkpoint, Mending mending) {
    this.file = file;
    this.checkpoint = checkpoint;
    this.mending = mending;
  }

  void check() {
    try {
      Optional<String> flaw = flaw(PlainFile.readOwn(file, PlainFile.SMALL));
      flaw.ifPresentOrElse(this::replace, this::load);
    } catch (NoSuchFileException e) {
      checkpoint.ifPresent(whole -> restore("is missing", whole));
    } catch (UnfitFileException e) {
      replace("has more than 1 MiB, as no such file has");
    } catch (IOException e) {
      mending.leave(file, "cannot be read", DiskProblem.reason(e));
    }
  }

  /** Why it is none of anybody's writing; what a user wrote wrong is another matter. */
  private Optional<String> flaw(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().anyMatch(c -> c < ' ' && !Character.isWhitespace(c))) {
        return Optional.of("is no text");
      }
      boolean isEmpty = text.isBlank() && checkpoint.isPresent();
      return isEmpty ? Optional.of("is empty") : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.of("is no UTF-8 text");
    }
  }

  private void load() {
    try {
      Configuration.load(ConfigurationSources.of(Map.of()).withBase(file));
    } catch (ConfigurationException e) {
      mending.leave(file, "cannot be obeyed", e.getMessage());
    }
  }

  private void replace(String problem) {
    if (checkpoint.isEmpty()) {
      mending.leave(file, problem, "write it anew, or move it away and give its keys with --set");
      return;
    }
    mending.setAside(file, problem, "");
    restore("was set aside", checkpoint.get());
  }

  private void restore(String problem, Path whole) {
    try {
      CheckpointFile.Outline made = CheckpointFile.readOutline(whole);
      String text =
          KeyHistory.of(made.provenance()).comments()
              + Configuration.of(made.configuration()).toProperties();
      mending.mend(
          file,
          problem,
          "written from " + whole.getFileName() + ", look at it before you go on",
          () -> AtomicFile.write(file, text));
    } catch (BelayException e) {
      mending.leave(
          file,
          problem,
          "give its keys with --set, since %s has no others (%s)"
              .formatted(whole.getFileName(), e.getMessage()));
    }
  }
}
