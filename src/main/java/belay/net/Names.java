package belay.net;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the values of a network are called. A name is known in the instance of a block where it was
 * given, and in those within; with the instance's name and a dot before it, everywhere. The image
 * is called input where nothing else is.
 */
final class Names {
  private static final String WORD = "[a-z][a-z0-9_-]{0,31}";
  private static final Pattern NAME = Pattern.compile(WORD + "(\\." + WORD + ")*");

  // A checkpoint keeps the names of all parameters in one attribute of less than 64 KiB.
  private static final int LONGEST = 48;

  private final Map<String, Integer> values = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** Whether something may be called so, without any dot. */
  static boolean isWord(String name) {
    return name.matches(WORD);
  }

  /**
   * A full name that nothing has yet.
   *
   * @param kind what it is called where no name is given, with its number among those of its kind
   */
  String fresh(Place place, String kind, Optional<String> given) {
    int number = counts.merge(place.inside(kind), 1, Integer::sum);
    String name = given.orElse(kind + number);
    if (!NAME.matcher(name).matches()) {
      throw place.problem("name=%s must be lower-case letters, digits, - and _", name);
    }
    String full = place.inside(name);
    if (full.length() > LONGEST) {
      throw place.problem("the name %s has more than %d characters", full, LONGEST);
    }
    if (values.containsKey(full)) {
      throw place.problem("name=%s is already taken", name);
    }
    return full;
  }

  void put(String full, int value) {
    values.put(full, value);
  }

  /** The value that a name stands for at a place. */
  int find(Place place, String name) {
    String scope = place.scope();
    while (!values.containsKey(scope + name)) {
      if (scope.isEmpty()) {
        if (name.equals(LineKind.INPUT.word())) {
          return 0;
        }
        throw place.problem("no line before is named '%s'", name);
      }
      scope = outer(scope);
    }
    return values.get(scope + name);
  }

  private static String outer(String scope) {
    return scope.substring(0, scope.lastIndexOf('.', scope.length() - 2) + 1);
  }
}
