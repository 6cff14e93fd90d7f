package belay.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What every job of a submission does.
 *
 * @param directory to work in, absolute: relative paths in options mean the same as at submission
 * @param variables environment variables by name, in the order of the map
 * @param options of belay, such as --set, after the run directory
 */
public record JobBody(Path directory, Map<String, String> variables, List<String> options) {}
