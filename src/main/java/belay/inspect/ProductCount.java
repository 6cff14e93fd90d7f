package belay.inspect;

import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Role;
import belay.net.Shape;

/**
 * Floating-point operations of a forward pass of one image: a product and a sum for each value of a
 * kernel, at each place where it lies.
 */
final class ProductCount {
  private ProductCount() {}

  static long of(Program program) {
    return program.operations().stream().mapToLong(o -> of(program, o)).sum();
  }

  static long of(Program program, Operation operation) {
    Shape out = program.shape(operation.output());
    return operation.parameters().stream()
        .filter(parameter -> parameter.role() == Role.KERNEL)
        .mapToLong(Parameter::size)
        .map(values -> 2 * values * out.height() * out.width())
        .sum();
  }
}
