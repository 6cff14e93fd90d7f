package belay.conf.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a job gets.
 *
 * @param gpu models of which one will do; "any"; "ask" where the user has to say; none for no GPU
 * @param gpus the site's name of each model; none where any word will do
 * @param gpuGres Slurm's --gres, with {gpu}
 * @param gpuConstraint Slurm's --constraint, with {gpu}
 * @param gpuProperties OAR's -p, with {gpu}
 * @param gpuResources OAR's -l with a GPU
 * @param cpuResources OAR's -l without one, with {cpus}
 * @param walltime time limit
 * @param walltimeMax longest that the site allows
 * @param memoryMib 0 for the site's default
 */
public record ResourceSettings(
    List<String> gpu,
    Map<String, String> gpus,
    String gpuGres,
    String gpuConstraint,
    String gpuProperties,
    String gpuResources,
    String cpuResources,
    Duration walltime,
    Duration walltimeMax,
    int cpus,
    int memoryMib) {
  static ResourceSettings of(Values values) {
    return new ResourceSettings(
        values.get(Keys.CLUSTER_GPU),
        values.get(Keys.CLUSTER_GPUS),
        values.get(Keys.CLUSTER_GPU_GRES),
        values.get(Keys.CLUSTER_GPU_CONSTRAINT),
        values.get(Keys.CLUSTER_GPU_PROPERTIES),
        values.get(Keys.CLUSTER_GPU_RESOURCES),
        values.get(Keys.CLUSTER_CPU_RESOURCES),
        values.get(Keys.CLUSTER_WALLTIME),
        values.get(Keys.CLUSTER_WALLTIME_MAX),
        values.get(Keys.CLUSTER_CPUS),
        values.get(Keys.CLUSTER_MEMORY_MIB));
  }
}
