package belay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.cluster.SampleJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobContextTest {
  private static final String HOST = "n1.cluster.example";
  private static final int AVAILABLE = 16;
  private static final long GIB = 1L << 30;

  @TempDir Path directory;

  @Test
  void knowsNothingOutsideAJob() {
    assertEquals(
        new JobContext(
            "none",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            AVAILABLE,
            OptionalLong.empty(),
            Optional.empty(),
            HOST),
        of("HOME=/home/kim"));
  }

  @Test
  void readsASlurmArrayJobThatWasRequeued() {
    assertEquals(
        new JobContext(
            "slurm",
            Optional.of("4713"),
            Optional.of("4711"),
            Optional.of("2"),
            3,
            4,
            OptionalLong.of(8 * GIB),
            Optional.of("0,1"),
            "a100-3"),
        of(
            "SLURM_JOB_ID=4713 SLURMD_NODENAME=a100-3 SLURM_ARRAY_JOB_ID=4711 SLURM_ARRAY_TASK_ID=2"
                + " SLURM_RESTART_COUNT=3 SLURM_CPUS_PER_TASK=4 SLURM_MEM_PER_NODE=8192 SLURM_JOB_GPUS=0,1"));
  }

  @Test
  void readsAnOarJobWithItsNodeFile() throws IOException {
    assertEquals(
        new JobContext(
            "oar",
            Optional.of("99"),
            Optional.of("97"),
            Optional.of("1"),
            0,
            2,
            OptionalLong.empty(),
            Optional.of("GPU-17"),
            "n1.grid"),
        of(
            "OAR_JOB_ID=99 CUDA_VISIBLE_DEVICES=GPU-17 OAR_ARRAY_ID=97 OAR_ARRAY_INDEX=1 OAR_NODE_FILE="
                + nodes("n1.grid\nn1.grid\nn2.grid\nn2.grid\nn2.grid\n")));
  }

  @ParameterizedTest
  @CsvSource({
    "SLURM_JOB_ID=1 SLURM_CPUS_ON_NODE=6, 6",
    "SLURM_JOB_ID=1 SLURM_CPUS_PER_TASK=2 SLURM_CPUS_ON_NODE=6, 2",
    "SLURM_JOB_ID=1 SLURM_CPUS_PER_TASK=64, 16", // more than the JVM may use
    "SLURM_JOB_ID=1 SLURM_CPUS_PER_TASK=many, 16",
    "SLURM_JOB_ID=1, 16",
    "SLURM_CPUS_PER_TASK=2, 16", // no job: left over in somebody's shell
    "OAR_JOB_ID=1, 16",
    "OAR_JOB_ID=1 OAR_NODEFILE=/nowhere/nodes, 16",
    "SLURM_JOB_ID= OAR_JOBID=1, 16",
  })
  void countsProcessors(String environment, int processors) {
    assertEquals(processors, of(environment).processors());
  }

  @ParameterizedTest
  @CsvSource({"'n1\nn1\n', 2", "'n1.grid\n\n n2\n', 1", "'alias\nalias\nalias\n', 3", "'', 16"})
  void countsTheNodeFilesLinesOfThisHost(String lines, int processors) throws IOException {
    assertEquals(processors, of("OAR_JOB_ID=1 OAR_NODEFILE=" + nodes(lines)).processors());
  }

  @ParameterizedTest
  @CsvSource({
    "SLURM_MEM_PER_NODE=1024, 1",
    "SLURM_MEM_PER_CPU=1024 SLURM_CPUS_PER_TASK=3, 3",
    "SLURM_MEM_PER_NODE=4194304, 4096", // MiB that overflow 32 bits as bytes
  })
  void readsMemory(String environment, long gib) {
    assertEquals(OptionalLong.of(gib * GIB), of("SLURM_JOB_ID=1 " + environment).memoryBytes());
  }

  @Test
  void takesAllMemoryForNoLimit() {
    assertEquals(OptionalLong.empty(), of("SLURM_JOB_ID=1 SLURM_MEM_PER_NODE=0").memoryBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "SLURM_JOB_ID=1 SLURM_JOB_GPUS=2 CUDA_VISIBLE_DEVICES=0, GPU 0",
    "SLURM_JOB_ID=1 CUDA_VISIBLE_DEVICES=0, ", // a person's wish, as below
    "SLURM_JOB_ID=1 SLURM_STEP_GPUS=0, GPU 0",
    "SLURM_JOB_ID=1 SLURM_GPUS_ON_NODE=1, GPU 0",
    "SLURM_JOB_ID=1 SLURM_GPUS_ON_NODE=0 CUDA_VISIBLE_DEVICES=0, ",
    "SLURM_JOB_ID=1 SLURM_GPUS=a100:2, 'GPU 0,1'",
    "SLURM_JOB_ID=1 SLURM_JOB_GPUS=2, GPU 2",
    "SLURM_JOB_ID=1 CUDA_VISIBLE_DEVICES=NoDevFiles SLURM_JOB_GPUS=2, GPU 2",
    "SLURM_JOB_ID=1 CUDA_VISIBLE_DEVICES=NoDevFiles, ",
    "SLURM_JOB_ID=1 CUDA_VISIBLE_DEVICES= , ",
    "SLURM_JOB_ID=1, ",
    "OAR_JOB_ID=1 CUDA_VISIBLE_DEVICES=1, GPU 1", // as oarstat does not answer here
    "CUDA_VISIBLE_DEVICES=0, ", // a person's wish, and no scheduler's gift
  })
  void knowsWhetherTheJobWasGivenAGpu(String environment, String gpu) {
    Optional<GivenGpu> given = of(environment).givenGpu(SampleJobs.TIMEOUT);
    assertEquals(Optional.ofNullable(gpu), given.map(GivenGpu::what));
  }

  private Path nodes(String lines) throws IOException {
    return Files.writeString(directory.resolve("nodes"), lines);
  }

  private static JobContext of(String environment) {
    Map<String, String> map = new HashMap<>();
    for (String entry : environment.split(" ")) {
      map.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
    }
    return JobContext.of(map, HOST, AVAILABLE);
  }
}
