package belay.backend;

import belay.net.Operation;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every kind of operation that there is. */
public final class OperationKinds {
  private OperationKinds() {}

  public static Set<Class<?>> all() {
    return kinds(Operation.class).collect(Collectors.toSet());
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isInterface()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(OperationKinds::kinds)
        : Stream.of(type);
  }
}
