package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of jobs whose scheduler passes no environment on, and of campaigns. */
class JobSettingsTest {
  private static final Path ATTEMPT = Path.of("jobs/attempt.sh").toAbsolutePath();

  @TempDir private Path run;

  @Test
  void aValueIsTakenAsItStands() throws Exception {
    assertEquals(0, attempt("# data", "", "BELAY_DATA_DIR=/a b/$(touch injected);`id` \"x\""));
    assertTrue(log().contains("data=/a b/$(touch injected);`id` \"x\"\n"), log());
    assertFalse(Files.exists(run.resolve("injected")));
  }

  @Test
  void theEnvironmentWins() throws Exception {
    assertEquals(0, attempt("BELAY_SITE=of-the-file"));
    assertTrue(log().contains("site=of-the-environment\n"), log());
  }

  @Test
  void anythingButASettingIsRefusedWithItsPlace() throws Exception {
    assertEquals(2, attempt("BELAY_SITE=a", "PATH=/tmp"));
    assertTrue(log().contains("job.env:2 must be BELAY_NAME=VALUE"), log());
  }

  @Test
  void theCampaignNamesWhatCigriAsksForAndAJobFileThatExists() throws Exception {
    Map<?, ?> campaign = Json.read(Files.readString(Path.of("jobs/oar/cigri.json")), Map.class);
    assertTrue(campaign.keySet().containsAll(Set.of("name", "clusters", "param_file")));
    String script = campaign.get("exec_file").toString().replace("{HOME}/belay/", "");
    assertTrue(Files.isExecutable(Path.of(script)), script);
  }

  /** Runs the job body with a java that says what it was told. */
  private int attempt(String... settings) throws Exception {
    Path java = Files.writeString(run.resolve("java"), "#!/bin/sh\n" + SAY);
    assertTrue(java.toFile().setExecutable(true));
    Files.write(run.resolve("job.env"), List.of(settings));
    ProcessBuilder attempt = new ProcessBuilder(ATTEMPT.toString(), "train", run.toString());
    attempt.environment().keySet().removeIf(name -> name.matches("(BELAY|SLURM|OAR)_.*"));
    attempt.environment().put("BELAY_JAVA", java.toString());
    attempt.environment().put("BELAY_JAR", java.toString());
    attempt.environment().put("BELAY_SITE", "of-the-environment");
    return attempt.directory(run.toFile()).redirectErrorStream(true).start().waitFor();
  }

  private static final String SAY =
      "printf 'data=%s\\nsite=%s\\n' \"$BELAY_DATA_DIR\" \"$BELAY_SITE\"\n";

  private String log() throws Exception {
    return Files.readString(run.resolve("logs/job.log"));
  }
}
