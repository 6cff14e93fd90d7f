package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.conf.Configuration;
import belay.conf.ConfigurationSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What jobs find in their environment, belay must not take for a key that it does not know. */
class JobEnvironmentTest {
  private static final Pattern NAME = Pattern.compile("\\bBELAY_[A-Z][A-Z_]*[A-Z]\\b");

  @Test
  void everyVariableOfAJobIsKnown() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String file :
        new String[] {
          "jobs/attempt.sh", "jobs/local.sh", "src/main/java/belay/submit/JobVariables.java"
        }) {
      NAME.matcher(Files.readString(Path.of(file))).results().forEach(at -> names.add(at.group()));
    }
    names.removeAll(Set.of("BELAY_NAME", "BELAY_LOCAL", "BELAY_TEST", "BELAY_DATA_DIR"));
    assertTrue(names.size() > 10, names::toString);
    for (String name : names) {
      assertDoesNotThrow(
          () -> Configuration.load(ConfigurationSources.of(Map.of(name, "1"))), name);
    }
  }
}
