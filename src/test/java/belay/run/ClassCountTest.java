package belay.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.net.Network;
import org.junit.jupiter.api.Test;

class ClassCountTest {
  @Test
  void theWordIsTheNumberOutsideOfBlocks() {
    String text =
        """
        block head classes # its own
          linear $classes
        end # of head
        linear $classes # not $classesOf
        head 3
        linear $classes
        """;
    assertEquals(
        """
        block head classes # its own
          linear $classes
        end # of head
        linear 7 # not $classesOf
        head 3
        linear 7
        """,
        ClassCount.in(text, 7));
  }

  @Test
  void aNetworkForSevenClassesIsTheSameAsOneThatSaysSeven() {
    String text = "input 4x4x3\nconv 2\nlatent\nlinear $classes\nlogits\n";
    Network filled = Network.parse("n", ClassCount.in(text, 7));
    assertEquals(7, filled.classes());
    assertEquals(Network.parse("n", text.replace("$classes", "7")).digest(), filled.digest());
  }
}
