package belay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTreeTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "2, (0+1)",
    "3, ((0+1)+2)",
    "4, ((0+1)+(2+3))",
    "5, (((0+1)+(2+3))+4)",
    "7, (((0+1)+(2+3))+((4+5)+6))",
    "8, (((0+1)+(2+3))+((4+5)+(6+7)))"
  })
  void missingShardsAreLeftOutOfThePerfectTree(int shards, String sum) {
    ShardTree<String> tree = new ShardTree<>((a, b) -> "(" + a + "+" + b + ")");
    for (int i = 0; i < shards; i++) {
      tree.add(Integer.toString(i));
    }
    assertEquals(Optional.of(sum), tree.total());
  }

  @Test
  void nothingHasNoSum() {
    assertEquals(Optional.empty(), new ShardTree<String>((a, b) -> a + b).total());
  }

  @Test
  void aTreeCanBeUsedAgain() {
    ShardTree<String> tree = new ShardTree<>((a, b) -> a + b);
    tree.add("x");
    tree.total();
    tree.add("y");
    assertEquals(Optional.of("y"), tree.total());
  }
}
