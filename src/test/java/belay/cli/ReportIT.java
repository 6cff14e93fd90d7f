package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as readers meet it: made by the jar, opened in a browser from a file. */
class ReportIT {
  private static final String HOSTILE = "<script>alert(1)<";
  private static final int EPOCHS = 12;

  @TempDir private static Path directory;
  private static Browser browser;

  /** Two runs, one of them stopped and resumed, one with a name that would like to be markup. */
  @BeforeAll
  static void makeThePage() throws Exception {
    browser = Browser.start(directory.resolve("profile"));
    Jar.run(directory, "sample", "data", "--train", "200", "--test", "50");
    Jar first = train("first", 300);
    first.awaitOutput("epoch=1 step");
    first.signal("TERM");
    assertEquals(99, first.exitCode(), first.output());
    assertEquals(0, train("first", EPOCHS).exitCode());
    assertEquals(0, train(HOSTILE, EPOCHS).exitCode());
    for (String stage : List.of("extract", "classify")) {
      Jar jar = Jar.run(directory, stage, "--run", "first", "--backend", "cpu");
      assertEquals(0, jar.exitCode(), jar.output());
    }
    report("both.html", "first", HOSTILE);
    report("one.html", "first");
  }

  private static Jar train(String run, int epochs) throws Exception {
    return Jar.start(
        directory,
        "train",
        "--run",
        run,
        "--backend",
        "cpu",
        "--set",
        "data.dir=data",
        "--set",
        "train.network=small",
        "--set",
        "train.warmup-steps=5",
        "--set",
        "train.epochs=" + epochs);
  }

  private static void report(String page, String... runs) throws Exception {
    String[] arguments = new String[runs.length + 3];
    arguments[0] = "report";
    System.arraycopy(runs, 0, arguments, 1, runs.length);
    arguments[runs.length + 1] = "-o";
    arguments[runs.length + 2] = page;
    Jar jar = Jar.run(directory, arguments);
    assertEquals(0, jar.exitCode(), jar.output());
  }

  @AfterAll
  static void closeTheBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openThePage() throws Exception {
    browser.look(1280, false);
    browser.open(directory.resolve("both.html"));
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void everyChartHasAPointForEveryEpochOfEveryRun() throws Exception {
    assertTrue(browser.number("document.querySelectorAll('.chart').length") >= 4);
    String points = "p.getAttribute('d').split(/[ML]/).length - 1";
    assertEquals(
        0,
        browser.number(
            "[...document.querySelectorAll('.chart .line')].filter(p => "
                + points
                + " !== "
                + browser.number("document.querySelectorAll('#epochs0 tbody tr').length")
                + ").length"));
    assertEquals(4, browser.number("document.querySelectorAll('.chart.wide .line').length"));
  }

  @Test
  void everyPictureIsOneAndIsSeen() throws Exception {
    assertTrue(browser.number("document.images.length") >= 8);
    assertEquals(
        0,
        browser.number("[...document.images].filter(i => i.naturalWidth === 0 || !i.alt).length"));
  }

  @Test
  void aRunsNameIsText() throws Exception {
    assertEquals("first, " + HOSTILE, browser.value("document.querySelector('h1').textContent"));
    assertEquals(1, browser.number("document.scripts.length"));
  }

  @Test
  void theTimeLineShowsTheInterruption() throws Exception {
    assertEquals(1, browser.number("document.querySelectorAll('.piece.stopped').length"));
    assertEquals(4, browser.number("document.querySelectorAll('.piece.done').length"));
  }

  @Test
  void theValueUnderThePointerIsThatOfTheTable() throws Exception {
    browser.value(
        """
        (() => { const area = document.querySelector('.chart.wide .area');
          const box = area.getBoundingClientRect();
          area.dispatchEvent(new PointerEvent('pointermove',
            { clientX: box.right - 1, clientY: box.top + 5, bubbles: true })); })()""");
    String shown = (String) browser.value("document.querySelector('.tip').textContent");
    String loss =
        (String)
            browser.value("document.querySelector('#epochs0 tr:last-child').cells[2].textContent");
    assertTrue(shown.contains(loss), shown + " has no " + loss);
  }

  @Test
  void theLegendHidesARunInEveryChart() throws Exception {
    browser.click(".legend button");
    String shown = "document.querySelectorAll('.line[data-run=\"0\"]:not([hidden])').length";
    assertEquals(0, browser.number(shown));
    browser.click(".legend button");
    assertTrue(browser.number(shown) > 3);
  }

  @Test
  void theReaderMayChooseTheOtherTheme() throws Exception {
    String ground = "getComputedStyle(document.body).backgroundColor";
    Object light = browser.value(ground);
    browser.click(".theme");
    assertNotEquals(light, browser.value(ground));
    browser.click(".theme");
    assertEquals(light, browser.value(ground));
  }

  @ParameterizedTest
  @CsvSource({"both.html,1280", "both.html,390", "one.html,1280", "one.html,390", "one.html,768"})
  void nothingStandsOutOfTheWindow(String page, int width) throws Exception {
    browser.look(width, false);
    browser.open(directory.resolve(page));
    browser.value("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    String root = "document.documentElement.";
    assertEquals(browser.number(root + "clientWidth"), browser.number(root + "scrollWidth"));
  }

  /** WCAG 2.1, success criterion 1.4.3: 4.5 to 1, or 3 to 1 for large text. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void everyTextCanBeRead(boolean isDark) throws Exception {
    browser.look(1280, isDark);
    browser.open(directory.resolve("both.html"));
    browser.value("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    String program = Files.readString(Path.of("src/test/resources/contrast.js"));
    assertEquals("", browser.value(program));
  }

  @Test
  void aWatchedPageEndsWithOneThatStaysAsItIs() throws Exception {
    Jar watch = Jar.start(directory, "report", "first", "-o", "watched.html", "--watch", "1");
    Path page = directory.resolve("watched.html");
    while (!Files.exists(page)) {
      Thread.sleep(20);
    }
    assertTrue(Files.readString(page).contains("data-reload=\"1\""));
    watch.signal("INT");
    assertEquals(0, watch.exitCode(), watch.output());
    assertTrue(!Files.readString(page).contains("data-reload=\"1\""));
  }
}
