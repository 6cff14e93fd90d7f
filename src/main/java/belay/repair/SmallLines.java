package belay.repair;

import static java.nio.charset.StandardCharsets.UTF_8;

import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A file of a JSON object a line: keeps its whole lines, byte by byte, and parts with the rest. */
final class SmallLines {
  private static final int MOST_BYTES = 64 << 20;

  /** Far longer than the line of an epoch of the largest network. */
  private static final int LONGEST = 16 << 20;

  private final Path file;
  private final Predicate<String> isWhole;
  private final Mending mending;

  /**
   * @param isWhole whether a line, without its end, says what such a line must
   */
  SmallLines(Path file, Predicate<String> isWhole, Mending mending) {
    this.file = file;
    this.isWhole = isWhole;
    this.mending = mending;
  }

  /** Bytes of neighbouring lines. */
  private record Span(int from, int to) {}

  void check() {
    try {
      check(PlainFile.readOwn(file, MOST_BYTES));
    } catch (UnfitFileException e) {
      mending.setAside(file, "has more than 64 MiB, as no such file has", "");
    } catch (IOException e) {
      mending.leave(file, "cannot be read", DiskProblem.reason(e));
    }
  }

  private void check(byte[] bytes) {
    List<Span> whole = new ArrayList<>();
    List<Span> damaged = new ArrayList<>();
    int count = 0;
    int first = 0;
    int number = 1;
    for (int from = 0; from < bytes.length; number++) {
      int to = end(bytes, from);
      boolean isDamaged = !isWhole(bytes, from, to);
      add(isDamaged ? damaged : whole, new Span(from, Math.min(to + 1, bytes.length)));
      count += isDamaged ? 1 : 0;
      first = isDamaged && first == 0 ? number : first;
      from = to + 1;
    }
    boolean isTorn = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
    if (count > 0) {
      String aside = AtomicFile.aside(file).getFileName().toString();
      mending.mend(
          file,
          "has %d damaged line%s, line %d first".formatted(count, count == 1 ? "" : "s", first),
          "moved to " + aside + ", the others kept",
          () -> part(bytes, whole, damaged));
    } else if (isTorn) {
      mending.mend(
          file, "lacks the end of its last line", "added", () -> write(file, bytes, whole));
    }
  }

  private static int end(byte[] bytes, int from) {
    int end = from;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean isWhole(byte[] bytes, int from, int to) {
    return to - from <= LONGEST && isWhole.test(new String(bytes, from, to - from, UTF_8));
  }

  private static void add(List<Span> spans, Span next) {
    int last = spans.size() - 1;
    if (last >= 0 && spans.get(last).to() == next.from()) {
      spans.set(last, new Span(spans.get(last).from(), next.to()));
    } else {
      spans.add(next);
    }
  }

  /** The damaged first: a kill in between leaves them in both files. */
  private void part(byte[] bytes, List<Span> whole, List<Span> damaged) throws IOException {
    write(AtomicFile.aside(file), bytes, damaged);
    write(file, bytes, whole);
  }

  private static void write(Path target, byte[] bytes, List<Span> spans) throws IOException {
    try (FileChannel out = AtomicFile.create(target)) {
      for (Span span : spans) {
        write(out, ByteBuffer.wrap(bytes, span.from(), span.to() - span.from()));
      }
      boolean endsInLine = spans.isEmpty() || bytes[spans.get(spans.size() - 1).to() - 1] == '\n';
      write(out, ByteBuffer.wrap(endsInLine ? new byte[0] : new byte[] {'\n'}));
    }
    AtomicFile.publish(target);
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
