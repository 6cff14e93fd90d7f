package belay.backend.update;

import belay.net.Parameter;
import java.util.List;

/** Values [from, to) of the parameter vector. */
record Range(int from, int to) {
  /**
   * @param parameters without gaps between them
   */
  static Range of(List<Parameter> parameters) {
    return new Range(parameters.get(0).offset(), parameters.get(parameters.size() - 1).end());
  }
}
