package belay.data;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the beginning of a download belongs to, so that a later attempt continues the same content.
 *
 * @param url address as the user gave it, before any redirect
 * @param validator strong ETag, or the date of last modification; empty if the server offers none
 * @param total bytes of the whole file, or -1 if the server does not say
 */
record Origin(String url, String validator, long total) {
  private static final Origin UNKNOWN = new Origin("", "", -1);

  /** Reads a note of {@link #write}; a damaged one is as good as none. */
  static Origin read(Path file) {
    Properties note = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      note.load(in);
      return new Origin(
          note.getProperty("url", ""),
          note.getProperty("validator", ""),
          Long.parseLong(note.getProperty("total", "-1")));
    } catch (IOException | IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  void write(Path file) throws IOException {
    Properties note = new Properties();
    note.setProperty("url", url);
    note.setProperty("validator", validator);
    note.setProperty("total", Long.toString(total));
    try (Writer out = Files.newBufferedWriter(file)) {
      note.store(out, "of the unfinished download beside this file");
    }
  }
}
