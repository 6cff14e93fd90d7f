package belay.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of the jar with the git commit it was built from. */
public final class Version {
  // Read once: the jar may be another one later.
  private static final String TEXT = read();

  private Version() {}

  /** For example "0.1.0 (1d331b9)"; a commit with local changes ends in "-dirty". */
  public static String text() {
    return TEXT;
  }

  private static String read() {
    Properties git = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/belay/version.properties")) {
      if (in != null) {
        git.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException("The jar cannot be read", e);
    }
    String commit = git.getProperty("git.commit.id.abbrev", "unknown");
    String dirty = Boolean.parseBoolean(git.getProperty("git.dirty")) ? "-dirty" : "";
    return git.getProperty("git.build.version", "unknown") + " (" + commit + dirty + ")";
  }
}
