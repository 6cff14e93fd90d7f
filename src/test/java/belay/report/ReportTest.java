package belay.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.view.Outcome;
import belay.view.RunView;
import belay.view.Standing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final String HOSTILE = "<script>alert(\"x\")</script><img src=x onerror='y'>&amp;";

  private static String page(List<RunView> runs) {
    return new Report(runs, Instant.parse("2026-03-01T12:00:00Z"), "0.1.0", 0).html();
  }

  @Test
  void everySectionIsThereOnceAndLinked() {
    String page = page(SampleRun.several(2, 10));
    for (String id :
        List.of(
            "summary",
            "curves",
            "attempts",
            "pictures",
            "confusion",
            "operations",
            "network",
            "provenance")) {
      assertEquals(1, count("id=\"" + id + "\"", page), id);
      assertEquals(1, count("href=\"#" + id + "\"", page), id);
    }
  }

  @Test
  void whatARunIsCalledIsNeverMarkup() {
    String page = page(List.of(SampleRun.named(HOSTILE, 3), SampleRun.named("b", 3)));
    assertEquals(1, count("<script", page));
    assertEquals(0, count("<img src=x", page));
    assertTrue(page.contains("&lt;script&gt;alert(&quot;x&quot;)"));
  }

  @Test
  void itNeedsNothingFromAnywhereElse() {
    String page = page(SampleRun.several(1, 5));
    assertFalse(page.matches("(?s).*(src|href)=\"(https?:|//|file:).*"), "a link to elsewhere");
    assertFalse(page.contains("@import"));
    assertTrue(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"));
  }

  @Test
  void idsAreUnique() {
    List<String> ids = new ArrayList<>();
    Matcher matcher = Pattern.compile(" id=\"([^\"]*)\"").matcher(page(SampleRun.several(5, 4)));
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    assertEquals(ids.size(), new HashSet<>(ids).size(), ids.toString());
  }

  @Test
  void everyPictureAndChartHasWords() {
    String page = page(SampleRun.several(2, 4));
    assertEquals(count("<img ", page), count(" alt=\"", page));
    assertEquals(count("role=\"img\"", page), count("role=\"img\" aria-label=\"", page));
  }

  @Test
  void aLayerThatReadsAnotherThanTheOneBeforeIsReachedByAnArc() {
    assertEquals(0, count("class=\"arc\"", page(List.of(SampleRun.named("chain", 3)))));
    Html page = new Html();
    new NetworkDrawing(SampleRun.branching()).write(page);
    String drawing = page.toString();
    assertEquals(1, count("class=\"arc\"", drawing), drawing);
    assertEquals(3, count("class=\"slab", drawing), drawing);
    assertTrue(drawing.contains("conv 3×3, batch norm, add gives 8×8×3"), drawing);
  }

  @Test
  void twentyRunsOfTwoHundredEpochsStaySmall() {
    int bytes = page(SampleRun.several(20, 200)).getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 5_000_000, bytes + " bytes");
  }

  @Test
  void aRunThatHasJustBegunHasAPage() {
    RunView run = SampleRun.named("new", 0);
    RunView empty =
        new RunView(
            "new",
            "/runs/new",
            new Standing(Outcome.NEW, "", 0, 12, 0, null, ""),
            run.configuration(),
            SampleRun.epochs(0),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of("nothing is there yet"));
    String page = page(List.of(empty));
    assertTrue(page.contains("nothing is there yet"));
    assertFalse(page.contains("NaN"), "a number that is none");
  }

  @Test
  void onlyAWatchedPageLoadsItselfAgain() {
    Report watched = new Report(SampleRun.several(1, 2), Instant.now(), "0.1.0", 30);
    assertTrue(watched.html().contains("<body data-reload=\"30\">"));
    assertTrue(page(SampleRun.several(1, 2)).contains("<body>"));
  }

  private static int count(String part, String text) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
