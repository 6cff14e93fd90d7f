package belay.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NetworkSheetTest {
  private static String layers(String text) {
    String sheet = NetworkSheet.of(Network.parse("x", text)).text();
    return sheet.substring(sheet.indexOf("layers\n")).replaceAll("(?m)^  ", "");
  }

  @Test
  void aChainHasNoRails() {
    assertEquals(
        """
        layers
        graph  layer      kind        reads  output  parameters  operations
        *      input                         8x8x1
        *      conv1      conv 3x3           8x8x2           20       2,304
        *      relu1      ReLU               8x8x2
        |      latent1    latent             8x8x2
        *      maxpool1   max-pool 2         4x4x2
        *      upsample1  upsample 2         8x8x2
        *      conv2      conv 3x3           8x8x1           19       2,304
        """,
        layers("input 8x8x1\nconv 2\nrelu\nlatent\nmaxpool 2\nupsample 2\nconv 1"));
  }

  @Test
  void aValueThatOthersReadRunsDownARail() {
    String text =
        """
        input 8x8x2
        conv 4 kernel=1 name=a
        batchnorm name=norm
        conv 4 kernel=1 name=b
        add norm name=sum
        conv 4 kernel=1 from=norm name=c
        add sum name=all
        latent
        linear 128 bias=no name=d
        output from=input
        """;
    assertEquals(
        """
        layers
        graph  layer    kind        reads  output   parameters  operations
        *      input                       8x8x2
        *      a        conv 1x1           8x8x4            12       1,024
        *-.    norm     batch norm         8x8x4             8
        * |    b        conv 1x1           8x8x4            20       2,048
        *-+-.  sum      add         norm   8x8x4
        o-' |  c        conv 1x1    norm   8x8x4            20       2,048
        *---'  all      add         sum    8x8x4
        |      latent1  latent             8x8x4
        *      d        linear             1x1x128      32,768      65,536
        |      output1  output      input  8x8x2
        """,
        layers(text));
  }

  @Test
  void theDocumentShowsWhatIsDrawn() throws IOException {
    String page = Files.readString(Path.of("docs/networks.md"));
    String section = page.substring(page.indexOf("## Shortcuts"));
    int begin = section.indexOf("```net\n") + "```net\n".length();
    String drawn = layers(section.substring(begin, section.indexOf("```", begin)));
    assertTrue(section.contains(drawn.replace("layers\n", "```\n") + "```"), drawn);
  }

  @Test
  void operationsAreTwiceTheProductsOfAForwardPass() {
    String text = "input 8x8x2\nconv 3 stride=2 bias=no\nlatent\nlinear 128\noutput from=input";
    assertEquals(
        2L * (4 * 4 * 3 * 9 * 2 + 48 * 128), ProductCount.of(Network.parse("x", text).program()));
  }
}
