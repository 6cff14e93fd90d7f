package belay.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * OAR's own database, asked by one client that stays: dozens of tests wait for the states of their
 * jobs, and each oarstat costs a second of a processor.
 */
final class OarDatabase implements AutoCloseable {
  private static final String END = "-- end of the answer --";

  private final Process client;
  private final BufferedReader answers;
  private final Writer questions;

  OarDatabase() throws IOException {
    ProcessBuilder psql =
        new ProcessBuilder("psql", "-h", "127.0.0.1", "-p", "5433", "-U", "oar", "-qAt", "oar")
            .redirectErrorStream(true);
    psql.environment().put("PGPASSWORD", "oar");
    client = psql.start();
    answers = client.inputReader(StandardCharsets.UTF_8);
    questions = client.outputWriter(StandardCharsets.UTF_8);
  }

  /** The answer's rows, each a line of columns that | separates. */
  synchronized String ask(String query) {
    List<String> lines = new ArrayList<>();
    try {
      questions.write(query + ";\n\\echo " + END + "\n");
      questions.flush();
      for (String line = answers.readLine(); !END.equals(line); line = answers.readLine()) {
        if (line == null || line.startsWith("ERROR")) {
          throw new AssertionError(query + ": " + line);
        }
        lines.add(line);
      }
    } catch (IOException e) {
      throw new AssertionError(query, e);
    }
    return String.join("\n", lines).strip();
  }

  @Override
  public void close() throws IOException {
    questions.close();
    client.onExit().join();
  }
}
