package belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.log.ProgressLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long SECOND = 1_000_000_000;
  private static final Terminal PLAIN = new Terminal(true, false, 60);

  @Test
  void showsShareAndTimeLeftFromThePaceSoFar() {
    ProgressBar bar = new ProgressBar(PLAIN);
    bar.at(new ProgressLine(1000, 5000, "loss=0.5"), 0);
    assertEquals("[###.............]  20% -:-- loss=0.5", bar.text(0));
    bar.at(new ProgressLine(2000, 5000, "loss=0.4"), 30 * SECOND);
    assertEquals("[######..........]  40% 1:30 loss=0.4", bar.text(30 * SECOND));
    bar.at(new ProgressLine(2001, 5000, "loss=0.4"), 3600 * SECOND);
    assertTrue(bar.text(3600 * SECOND).contains(" 2:59:"), bar.text(3600 * SECOND));
  }

  @Test
  void otherWorkBeginsAnew() {
    ProgressBar bar = new ProgressBar(PLAIN);
    bar.at(new ProgressLine(10, 100, "a"), 0);
    bar.at(new ProgressLine(50, 200, "b"), SECOND);
    assertTrue(bar.text(SECOND).contains(" -:-- "));
  }

  @Test
  void isNarrowerThanTheScreen() {
    ProgressBar bar = new ProgressBar(new Terminal(true, false, 30));
    bar.at(new ProgressLine(10, 100, "images=10/100 images-per-second=5"), 0);
    assertEquals(29, bar.text(0).length());
    ProgressBar unknown = new ProgressBar(PLAIN);
    unknown.at(new ProgressLine(10, 0, "downloaded=10 MiB"), 0);
    assertEquals("downloaded=10 MiB", unknown.text(0));
  }

  @Test
  void barsAndColoursAreForTerminalsThatCanShowThem() {
    Map<String, String> usual = Map.of("TERM", "xterm");
    assertEquals(new Terminal(true, true, 80), Terminal.of(usual, "/dev/pts/3"));
    assertFalse(Terminal.of(usual, "/tmp/job.err").isScreen());
    assertFalse(Terminal.of(usual, "pipe:[4711]").isScreen());
    assertFalse(Terminal.of(usual, "/dev/null").isScreen());
    assertFalse(Terminal.of(Map.of("TERM", "dumb"), "/dev/pts/3").isScreen());
    assertFalse(Terminal.of(Map.of(), "/dev/pts/3").isScreen());
    Terminal plain =
        Terminal.of(Map.of("TERM", "xterm", "NO_COLOR", "1", "COLUMNS", "132"), "/dev/tty1");
    assertEquals(new Terminal(true, false, 132), plain);
  }

  @Test
  void linesStandAboveTheBarAndTheBarLeaves() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    ConsoleLines console = new ConsoleLines(PLAIN, new PrintStream(screen, true));
    console.setFormatter(
        new Formatter() {
          @Override
          public String format(LogRecord record) {
            return formatMessage(record) + "\n";
          }
        });
    console.publish(progress(10));
    console.publish(new LogRecord(Level.INFO, "epoch=1"));
    console.end();
    String bar = "\r[#...............]  10% -:-- images=10\u001b[K";
    assertEquals(bar + "\r\u001b[Kepoch=1\n" + bar + "\r\u001b[K", screen.toString());
  }

  @Test
  void logsGetProgressOnlyAfterSilence() {
    Pace hour = new Pace(3600);
    assertFalse(hour.isLoggable(progress(10)));
    assertTrue(hour.isLoggable(new LogRecord(Level.INFO, "epoch=1")));
    assertTrue(new Pace(0).isLoggable(progress(10)));
  }

  private static LogRecord progress(int images) {
    LogRecord record = new LogRecord(Level.INFO, "{0}");
    record.setParameters(new Object[] {new ProgressLine(images, 100, "images=" + images)});
    return record;
  }
}
