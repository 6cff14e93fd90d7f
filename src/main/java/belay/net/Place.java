package belay.net;

import belay.error.ConfigurationException;

/**
 * Where a line stands.
 *
 * @param network name of the file without .net
 * @param line from 1
 * @param scope full name of the block's instance that repeats the line and a dot; empty outside of
 *     blocks
 */
record Place(String network, int line, String scope) {
  /** The full name of what is called so here. */
  String inside(String name) {
    return scope + name;
  }

  Place in(String instance) {
    return new Place(network, line, instance + ".");
  }

  ConfigurationException problem(String message, Object... values) {
    String instance = scope.isEmpty() ? "" : " (in %s)".formatted(scope.replaceFirst("\\.$", ""));
    return new ConfigurationException(
        "%s.net:%d: %s%s".formatted(network, line, message.formatted(values), instance));
  }
}
