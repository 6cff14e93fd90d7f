package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A graph in which two operations read the image, and one of them leads to the latent value. */
class ProgramTest {
  private final Operation left = new Operation.Relu("left", 0, 1);
  private final Operation right = new Operation.Relu("right", 0, 2);
  private final Operation onTheLeft = new Operation.Upsample("onTheLeft", 1, 3, 1);
  private final Operation onTheRight = new Operation.Upsample("onTheRight", 2, 4, 1);
  private final Program program =
      new Program(
          List.of(shape(), shape(), shape(), shape(), shape()),
          List.of(left, right, onTheLeft, onTheRight),
          List.of(),
          List.of(),
          Map.of(Mark.LATENT, 3));

  private static Shape shape() {
    return new Shape(2, 2, 1);
  }

  @Test
  void whatLeadsToAValueIsFoundByItsInputsAndNotByNumbers() {
    assertEquals(List.of(left, onTheLeft), program.leadingTo(Mark.LATENT));
  }

  @Test
  void nothingLeadsToTheImage() {
    Program marked =
        new Program(
            program.shapes(), program.operations(), List.of(), List.of(), Map.of(Mark.LATENT, 0));
    assertEquals(List.of(), marked.leadingTo(Mark.LATENT));
  }

  @Test
  void aValueMayHaveSeveralReaders() {
    assertEquals(List.of(left, right), program.readers(0));
    assertEquals(List.of(onTheRight), program.readers(2));
    assertEquals(List.of(), program.readers(4));
  }

  @Test
  void everyValueButTheImageHasADefinition() {
    assertEquals(onTheLeft, program.definition(3));
    assertThrows(IllegalArgumentException.class, () -> program.definition(0));
  }

  @Test
  void aMissingMarkIsSaidToBeMissing() {
    String message = assertThrows(IllegalArgumentException.class, program::output).getMessage();
    assertTrue(message.contains("OUTPUT"), message);
  }

  @Test
  void nothingIsReadBeforeItIsDefinedAndNothingIsDefinedTwice() {
    assertThrows(IllegalArgumentException.class, () -> program(onTheLeft, left));
    assertThrows(IllegalArgumentException.class, () -> program(left, left));
    assertEquals(List.of(left, onTheLeft), program(left, onTheLeft).operations());
  }

  private Program program(Operation... operations) {
    return new Program(program.shapes(), List.of(operations), List.of(), List.of(), Map.of());
  }

  @Test
  void withoutAnOutputLineTheLastValueIsTheOutput() {
    Program parsed = Network.parse("x", "input 4x4x1\nconv 1\nlatent\nrelu\n").program();
    assertEquals(Map.of(Mark.LATENT, 1, Mark.OUTPUT, 2), parsed.marks());
  }
}
