package belay.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatEndsALineOrControlsATerminalIsNotShown() {
    assertEquals("a?b?[2J?c?", Printable.line("a\nb\u001b[2J\u2028c\u009b"));
    assertFalse(Printable.is("\ud800"));
  }

  @Test
  void whatPeopleWriteStaysAsItIs() {
    String text = "größer 中文 \ud83d\ude00 a/b 'c'";
    assertTrue(Printable.is(text));
    assertEquals(text, Printable.line(text));
  }
}
