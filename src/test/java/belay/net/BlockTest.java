package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockTest {
  private static final String RESIDUAL =
      """
      block residual channels act=relu
        name skip
        conv $channels bias=no
        $act
        conv $channels
        add skip name=sum
      end
      """;

  private static Network parse(String text) {
    return Network.parse("x", text);
  }

  private static List<String> names(String text) {
    return parse(text).lines().stream().map(Line::name).toList();
  }

  @Test
  void aBlockAndItsLinesWrittenOutAreTheSameNetwork() {
    String blocks =
        RESIDUAL
            + """
            input 4x4x2
            residual 2
            latent
            residual 2 act=gelu name=decoder
            """;
    String flat =
        """
        input 4x4x2
        conv 2 bias=no name=residual1.conv1
        relu name=residual1.relu1
        conv 2 name=residual1.conv2
        add input name=residual1.sum
        latent
        conv 2 bias=no name=decoder.conv1
        gelu name=decoder.gelu1
        conv 2 name=decoder.conv2
        add residual1.sum name=decoder.sum
        """;
    assertEquals(parse(flat).canonicalText(), parse(blocks).canonicalText());
    assertEquals(parse(flat).program(), parse(blocks).program());
    assertEquals("residual1.conv1/w", parse(blocks).program().parameters().get(0).name());
  }

  @Test
  void timesMakesNumberedInstancesOfWhichEachReadsTheOneBefore() {
    String text =
        RESIDUAL + "input 4x4x1\nresidual 1 times=2 name=deep\nlatent\nresidual 1 times=1";
    assertEquals(
        List.of("deep1.sum", "deep2.sum", "residual3.sum"),
        names(text).stream().filter(name -> name.endsWith("sum")).toList());
    List<Operation> operations = parse(text).program().operations();
    assertEquals(List.of(4), operations.get(4).inputs());
    assertEquals(List.of(7, 4), operations.get(7).inputs());
  }

  @Test
  void anInstanceMayReadAnyValueAndItsNameIsThatOfItsLastValue() {
    Program program =
        parse(
                RESIDUAL
                    + "input 4x4x1\nconv 1 name=a\nrelu\nresidual 1 from=a name=b\nlatent\nconv 1\nadd b")
            .program();
    assertEquals(List.of(1), program.operations().get(2).inputs());
    assertEquals(List.of(5, 1), program.operations().get(5).inputs());
    assertEquals(List.of(7, 6), program.operations().get(7).inputs());
  }

  @Test
  void aNameIsSoughtInTheBlockThenAroundIt() {
    String text =
        """
        block inner
          conv 1
          add near
          add far
        end
        block outer
          relu name=near
          inner
          add inner1.conv1
        end
        input 4x4x1
        conv 1 name=near
        conv 1 name=far
        outer
        latent
        add near
        add outer1.near
        """;
    List<Operation> operations = parse(text).program().operations();
    assertEquals("outer1.inner1.conv1", operations.get(3).name());
    assertEquals(List.of(4, 3), operations.get(4).inputs());
    assertEquals(List.of(5, 2), operations.get(5).inputs());
    assertEquals(List.of(6, 4), operations.get(6).inputs());
    assertEquals(List.of(7, 1), operations.get(7).inputs());
    assertEquals(List.of(8, 3), operations.get(8).inputs());
  }

  /** In a text, / stands for the end of a line. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          block                                     | 1 | block needs NAME: block NAME [PARAMETER ...]
          block conv/relu/end                       | 1 | 'conv' cannot be a block's name
          block end/relu/end                        | 1 | 'end' cannot be a block's name
          block A/relu/end                          | 1 | 'A' cannot be a block's name
          block a from/relu/end                     | 1 | 'from' cannot be a parameter's name
          block a b b=3/relu/end                    | 1 | the parameter b is named twice
          block a/relu                              | 1 | the block a has no end
          block a/relu/block b/relu/end/end         | 3 | the block a has no end before this line
          block a/end                               | 2 | the block a has no lines
          block a/relu/end/block a/relu/end         | 4 | a second block a
          end                                       | 1 | end without a block before it
          block a/relu/end a                        | 3 | unexpected 'a' after end
          block a b/conv $c/end                     | 2 | the block a has no parameter '$c'
          block a b/conv $/end                      | 2 | the block a has no parameter '$'
          input 4x4x1/conv $c                       | 2 | '$c' is not a whole number
          block a/relu/end/a                        | 4 | the first layer, and only the first
          block a/input 4x4x1/end/a                 | 4 | the first layer, and only the first
          block a b/relu/end/input 4x4x1/a          | 5 | a needs b: a b [times=] [from=] [name=]
          block a b=3/relu/end/input 4x4x1/a 7      | 5 | unexpected '7', expected a [b=] [times=]
          block a b/conv $b/end/input 4x4x1/a z     | 2 | 'z' is not a whole number from 1 to 4096 (in a1)
          block a/relu/end/input 4x4x1/a times=0    | 5 | '0' is not a whole number from 1
          block a/relu/end/input 4x4x1/relu/b       | 6 | unknown layer 'b', expected one of input,
          block a/a/end/input 4x4x1/a               | 2 | unknown layer 'a', expected one of input,
          block a b/$b $b/end/input 4x4x1/a a       | 2 | unknown layer 'a', expected one of input,
          block a/b/end/block b/relu/end/input 4x4x1/a | 2 | unknown layer 'b', expected one of
          block a/relu name=b/end/input 4x4x1/a/add b  | 6 | no line before is named 'b'
          block a/relu/end/input 4x4x1/relu name=a1/a  | 6 | name=a1 is already taken
          """)
  void namesTheLineAndTheExpectation(String text, int line, String expectation) {
    assertProblem(line + ": " + expectation, text.replace('/', '\n'));
  }

  private static void assertProblem(String expectation, String text) {
    String message = message(text);
    assertTrue(message.startsWith("x.net:" + expectation), message);
  }

  private static String message(String text) {
    return assertThrows(ConfigurationException.class, () -> parse(text)).getMessage();
  }

  @Test
  void whatExplodesIsRefusedSoon() {
    StringBuilder bomb = new StringBuilder("block b0\nname a\nend\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("block b%d\n%send\n".formatted(i, "b%d\n".formatted(i - 1).repeat(10)));
    }
    StringBuilder words = new StringBuilder("block b0 x\nconv $x\nend\n");
    for (int i = 1; i < 9; i++) {
      words.append("block b%d x\nb%d %s\nend\n".formatted(i, i - 1, "$x".repeat(300)));
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          assertRefused("has more than 48 characters", bomb + "input 4x4x1\nb29");
          assertRefused("the blocks make more than 4000 lines", bomb + "input 4x4x1\nb6");
          assertRefused(
              "the blocks make more than 4000 lines", bomb + "input 4x4x1\nb0 times=4096");
          assertRefused(
              "the network has more than 512 layers",
              "block b\nrelu\nend\ninput 4x4x1\nb times=513");
          assertRefused(
              "the block's arguments make more than 1000 characters of this",
              words + "input 4x4x1\nb8 1234");
        });
  }

  private static void assertRefused(String reason, String text) {
    String message = message(text);
    assertTrue(message.matches("x\\.net:\\d+: .*" + reason + ".*"), message);
  }
}
