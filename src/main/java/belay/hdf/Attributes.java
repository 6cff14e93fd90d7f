package belay.hdf;

import belay.error.DataException;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The attributes of all groups and datasets of a file. */
final class Attributes {
  private final SealedFile file;
  private final Map<String, Object> values; // by path@name

  /**
   * @param values by path@name
   */
  Attributes(SealedFile file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  String text(String path, String name) {
    return value(path, name, String.class);
  }

  /** One of 32 or 64 bits. */
  long integer(String path, String name) {
    Number number = value(path, name, Number.class);
    if (number instanceof Double) {
      throw file.problem("%s@%s is not a whole number".formatted(path, name));
    }
    return number.longValue();
  }

  double real(String path, String name) {
    return value(path, name, Double.class);
  }

  /**
   * @throws DataException if there is none, or it has another type
   */
  private <T> T value(String path, String name, Class<T> type) {
    Object value = values.get(path + "@" + name);
    if (value == null) {
      throw file.problem("lacks the attribute %s@%s".formatted(path, name));
    }
    if (!type.isInstance(value)) {
      throw file.problem(
          "%s@%s is a %s, expected a %s"
              .formatted(path, name, value.getClass().getSimpleName(), type.getSimpleName()));
    }
    return type.cast(value);
  }

  /** The values that an object has, by name. */
  SortedMap<String, Object> of(String path) {
    SortedMap<String, Object> found = new TreeMap<>();
    values.forEach(
        (place, value) -> {
          if (place.startsWith(path + "@")) {
            found.put(place.substring(path.length() + 1), value);
          }
        });
    return found;
  }

  /** Paths of the objects that have some. */
  SortedSet<String> objects() {
    SortedSet<String> objects = new TreeSet<>();
    values.keySet().forEach(place -> objects.add(place.substring(0, place.indexOf('@'))));
    return objects;
  }
}
