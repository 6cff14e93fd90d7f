package belay.hdf;

import java.util.Map;

/**
 * What a file says about its origin, in its groups /provenance and /configuration.
 *
 * @param provenance what is worth knowing: versions, host, device, job, digests of what it was made
 *     from
 * @param configuration effective values by key
 */
public record MadeBy(Map<String, String> provenance, Map<String, String> configuration) {
  public void write(Hdf5Writer writer) {
    provenance.forEach((name, text) -> writer.group("/provenance").attribute(name, text));
    configuration.forEach((key, value) -> writer.group("/configuration").attribute(key, value));
  }
}
