package belay.checkpoint;

import belay.train.Progress;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a checkpoint's file: ckpt-0012.h5 after epoch 12, ckpt-0012-00004712.h5 after step
 * 4,712, which lies within epoch 13. Names compare as the states follow one another.
 *
 * @param epoch finished epochs
 * @param step optimiser steps of the whole run; empty between two epochs
 */
public record CheckpointName(int epoch, OptionalLong step) implements Comparable<CheckpointName> {
  private static final Pattern PATTERN = Pattern.compile("ckpt-(\\d{4,9})(?:-(\\d{8,18}))?\\.h5");
  private static final Comparator<CheckpointName> ORDER =
      Comparator.comparingInt(CheckpointName::epoch)
          .thenComparingLong(name -> name.step().orElse(-1));

  /** Of a state. */
  static CheckpointName of(Progress progress, long step) {
    return progress.position() == 0 ? ofEpoch(progress.epoch()) : within(progress.epoch(), step);
  }

  public static CheckpointName ofEpoch(int epoch) {
    return new CheckpointName(epoch, OptionalLong.empty());
  }

  static CheckpointName within(int epoch, long step) {
    return new CheckpointName(epoch, OptionalLong.of(step));
  }

  public static Optional<CheckpointName> parse(String fileName) {
    Matcher matcher = PATTERN.matcher(fileName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int epoch = Integer.parseInt(matcher.group(1));
    CheckpointName name =
        matcher.group(2) == null ? ofEpoch(epoch) : within(epoch, Long.parseLong(matcher.group(2)));
    return Optional.of(name).filter(parsed -> parsed.toString().equals(fileName));
  }

  /** Whether it stands between two epochs. */
  public boolean isWhole() {
    return step.isEmpty();
  }

  @Override
  public int compareTo(CheckpointName other) {
    return ORDER.compare(this, other);
  }

  /** The file name. */
  @Override
  public String toString() {
    return isWhole()
        ? "ckpt-%04d.h5".formatted(epoch)
        : "ckpt-%04d-%08d.h5".formatted(epoch, step.getAsLong());
  }
}
