package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.review.RunColumn;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunsCommandTest {
  @Test
  void namesEveryColumnInItsHelp() {
    String help = Belay.commandLine().getSubcommands().get("runs").getUsageMessage();
    String columns = help.substring(help.indexOf("Columns:")).replaceAll("\\s+", " ");
    for (String column : RunColumn.results().split(", ")) {
      assertTrue(columns.matches(".*[ :]" + column + "[, ].*"), column + " is not in " + columns);
    }
  }

  @Test
  void tellsOfARunThatIsNotThereWithoutAnOptionThatItLacks() {
    for (String command : List.of("status", "logs", "repair")) {
      InProcess.Outcome outcome = InProcess.execute(command, "/no-such-run");
      assertEquals(3, outcome.exitCode());
      assertTrue(outcome.errors().endsWith("; check the path\n"), outcome.errors());
    }
  }
}
