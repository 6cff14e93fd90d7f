package belay.data;

import belay.log.Secrets;
import belay.storage.AtomicFile;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the beginning of a download belongs to, so that a later attempt continues the same content.
 *
 * @param url address as the user gave it, before any redirect, without what is secret in it
 * @param validator strong ETag, or the date of last modification; empty if the server offers none
 * @param total bytes of the whole file, or -1 if the server does not say
 */
record DownloadOrigin(String url, String validator, long total) {
  private static final DownloadOrigin UNKNOWN = new DownloadOrigin("", "", -1);

  DownloadOrigin {
    url = Secrets.hide(url);
  }

  /** Whether the bytes came from this address, as far as a file may tell. */
  boolean isOf(URI address) {
    return url.equals(Secrets.hide(address.toString()));
  }

  /** Reads a note of {@link #write}; a damaged one is as good as none. */
  static DownloadOrigin read(Path file) {
    Properties note = new Properties();
    try {
      note.load(new StringReader(PlainFile.textOwn(file)));
      return new DownloadOrigin(
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
    StringWriter out = new StringWriter();
    note.store(out, "of the unfinished download beside this file");
    AtomicFile.write(file, out.toString());
  }
}
