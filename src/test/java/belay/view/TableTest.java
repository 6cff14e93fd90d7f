package belay.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsTextLeftAndNumbersRight() {
    Table table = new Table("name", "count", "share");
    table.row("enc1", 7168, "0.5 %").row("a longer name", 3, null);
    assertEquals(
        """
        name           count  share
        enc1           7,168  0.5 %
        a longer name      3
        """,
        table.text());
  }

  @Test
  void oneWordAmongNumbersMakesAColumnText() {
    assertEquals("n\n1\n22\nnone\n", new Table("n").row(1).row(22).row("none").text());
  }

  @Test
  void recordsNameTheirCellsAndKeepEveryDigit() {
    Table table = new Table("name", "mean").row("a", 1.23456789);
    assertEquals(List.of(Map.of("name", "a", "mean", 1.23456789)), table.records());
    assertEquals("name    mean\na     1.2346\n", table.text());
  }

  @Test
  void commaSeparatedCellsAreQuotedOnlyWhereTheyMustBe() {
    Table table = new Table("name", "n").row("a, \"b\"", 1).row("c d", null);
    assertEquals("name,n\r\n\"a, \"\"b\"\"\",1\r\nc d,\r\n", table.csv("\r\n"));
  }

  @Test
  void refusesARowOfAnotherWidth() {
    assertThrows(IllegalArgumentException.class, () -> new Table("a", "b").row("a"));
  }
}
