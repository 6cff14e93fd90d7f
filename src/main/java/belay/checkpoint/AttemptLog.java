package belay.checkpoint;

import belay.json.Json;
import belay.json.JsonLines;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The history of a run's attempts: a line for each beginning and a line for each end. */
final class AttemptLog {
  private final Path file;
  private final JsonLines<JsonObject> lines;

  AttemptLog(Path file) {
    this.file = file;
    lines = new JsonLines<>(file, JsonObject.class);
  }

  /** Oldest first. */
  List<Attempt> read() throws IOException {
    List<Attempt> attempts = new ArrayList<>();
    Map<Integer, Integer> places = new HashMap<>(); // by number
    for (JsonObject line : lines.read()) {
      if (line.has("started")) {
        Optional<Attempt.Start> start = as(line, Attempt.Start.class);
        start.ifPresent(known -> places.put(known.attempt(), attempts.size()));
        start.ifPresent(known -> attempts.add(new Attempt(known, Optional.empty())));
      } else {
        as(line, Attempt.End.class).ifPresent(end -> join(attempts, places, end));
      }
    }
    return attempts;
  }

  /**
   * Records the beginning of the next attempt, and first the end of one that could not do so.
   *
   * @param last status that the attempt before left behind
   * @param lastSign of life of that attempt, where it left one
   * @return the number of the new attempt
   */
  int begin(Attempt.Start facts, RunStatus last, Optional<Instant> lastSign) throws IOException {
    List<Attempt> before = read();
    int number = last.attempts() + 1;
    if (!before.isEmpty()) {
      Attempt latest = before.get(before.size() - 1);
      number = Math.max(number, latest.start().attempt() + 1);
      if (latest.end().isEmpty()) {
        end(silentEnd(latest.start(), last, lastSign));
      }
    }
    lines.append(line(facts.numbered(number)));
    return number;
  }

  /**
   * Records the ends of all attempts that could not do so, when none is at work: each by the time
   * at which the next one began.
   *
   * @param last status that the latest left behind
   */
  void endSilent(RunStatus last) throws IOException {
    List<Attempt> all = read();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).end().isEmpty()) {
        Instant latest = i + 1 < all.size() ? all.get(i + 1).start().started() : last.updated();
        Attempt.End end = silentEnd(all.get(i).start(), last, Optional.empty());
        end(end.ended().isAfter(latest) ? end.at(latest) : end);
      }
    }
  }

  void end(Attempt.End end) throws IOException {
    lines.append(line(end));
  }

  /** Takes back the beginning of an attempt; where nothing else was recorded there is no file. */
  void withdraw(int attempt) throws IOException {
    List<JsonObject> others = lines.read();
    others.removeIf(line -> isStartOf(attempt, line));
    if (others.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      lines.rewrite(others);
    }
  }

  private static boolean isStartOf(int attempt, JsonObject line) {
    return line.has("started")
        && as(line, Attempt.Start.class).filter(start -> start.attempt() == attempt).isPresent();
  }

  private static Attempt.End silentEnd(
      Attempt.Start start, RunStatus last, Optional<Instant> lastSign) {
    Instant heard = lastSign.filter(last.updated()::isBefore).orElse(last.updated());
    Instant ended = heard.isBefore(start.started()) ? start.started() : heard;
    Instant saved = start.ifLater(last.saved());
    return new Attempt.End(
        start.attempt(), ended, null, Attempt.SILENT, last.epoch(), last.step(), saved, null);
  }

  private static void join(List<Attempt> attempts, Map<Integer, Integer> places, Attempt.End end) {
    Integer place = places.get(end.attempt());
    if (place != null) {
      attempts.set(place, new Attempt(attempts.get(place).start(), Optional.of(end)));
    }
  }

  private static JsonObject line(Object entry) {
    return JsonParser.parseString(Json.line(entry)).getAsJsonObject();
  }

  private static <R> Optional<R> as(JsonObject line, Class<R> type) {
    try {
      return Optional.of(Json.read(line.toString(), type));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
