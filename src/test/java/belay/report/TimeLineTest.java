package belay.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.view.Outcome;
import belay.view.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeLineTest {
  private static final Work FIRST = SampleRun.work(1, 0, 100, Outcome.KILLED);

  @Test
  void workIsDrawnToScaleAndALongPauseIsShortened() {
    Work second = SampleRun.work(2, 50_000, 50_300, Outcome.DONE);
    List<TimeLine.Piece> pieces = new TimeLine(List.of(FIRST, second)).pieces();
    assertEquals(3, pieces.size());
    assertEquals(3, pieces.get(2).width() / pieces.get(0).width(), 1e-9);
    assertTrue(pieces.get(1).isShortened());
    assertEquals(0.1, pieces.get(1).width());
    assertEquals(49_900, pieces.get(1).duration().toSeconds());
  }

  @Test
  void attemptsThatFollowAtOnceHaveNoPauseBetweenThem() {
    Work second = SampleRun.work(2, 100, 200, Outcome.DONE);
    TimeLine line = new TimeLine(List.of(FIRST, second));
    assertEquals(2, line.pieces().size());
    assertEquals("2 attempts in 3 min 20 s, 100 % of it at work", line.summary());
  }

  @Test
  void clocksThatDisagreeDoNotBreakTheLine() {
    Work second = SampleRun.work(2, 90, 80, Outcome.DONE);
    TimeLine line = new TimeLine(List.of(FIRST, second));
    assertFalse(line.pieces().stream().anyMatch(piece -> piece.width() < 0));
  }
}
