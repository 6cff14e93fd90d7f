package belay.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import belay.storage.AtomicFile;
import belay.storage.PlainFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of one JSON object a line. A kill in the middle of an append leaves a torn last line:
 * reading leaves it out, and the next append cuts it off. Other unreadable lines are left out with
 * a warning, since no log may keep a run from going on.
 */
public final class JsonLines<T> {
  private static final Logger LOG = System.getLogger("belay.run");

  /** Of a file that grows by a line an epoch, an attempt or a job. */
  private static final int MOST_BYTES = 64 << 20;

  private final Path file;
  private final Class<T> type;

  public JsonLines(Path file, Class<T> type) {
    this.file = file;
    this.type = type;
  }

  /** All readable lines, first to last; none if there is no file. */
  public List<T> read() throws IOException {
    String[] lines = new String(bytes(), UTF_8).split("\n");
    List<T> records = new ArrayList<>();
    List<Integer> unreadable = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      T entry = parse(lines[i]);
      if (entry != null) {
        records.add(entry);
      } else if (i < lines.length - 1) {
        unreadable.add(i + 1);
      }
    }
    if (!unreadable.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "file={0} line={1} skipped=unreadable lines={2}",
          file,
          unreadable.get(0),
          unreadable.size());
    }
    return records;
  }

  /** Adds a line and forces it to disk. */
  public void append(T entry) throws IOException {
    repair();
    AtomicFile.appendLine(file, Json.line(entry));
  }

  /** Replaces all lines at once. */
  public void rewrite(List<T> entries) throws IOException {
    AtomicFile.write(
        file, entries.stream().map(e -> Json.line(e) + "\n").collect(Collectors.joining()));
  }

  private void repair() throws IOException {
    byte[] bytes = bytes();
    int start = bytes.length; // of the torn line
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    if (start == bytes.length) {
      return;
    }
    if (parse(new String(bytes, start, bytes.length - start, UTF_8)) != null) {
      AtomicFile.appendLine(file, ""); // only its end was missing
    } else {
      cut(start);
    }
  }

  private void cut(long length) throws IOException {
    try (FileChannel channel = PlainFile.change(file)) {
      channel.truncate(length);
      channel.force(false);
    }
  }

  private T parse(String line) {
    try {
      return Json.read(line, type);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private byte[] bytes() throws IOException {
    try {
      return PlainFile.readOwn(file, MOST_BYTES);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }
}
