package belay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.cluster.SampleJobs;
import belay.error.DeviceException;
import belay.error.UnsupportedDeviceException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenGpuTest {
  /** As OAR 2.5.9 wrote them; the resources' own properties name a GPU in every one of these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/network_address=1/gpudevice=1,walltime=0:5:0;drain='NO';a GPU (/gpudevice=1)",
        "/network_address=1/gpu=2,walltime=0:5:0;drain='NO';a GPU (/gpu=2)",
        "/resource_id=1,walltime=0:5:0;((gpumodel='A100') AND drain='NO';a GPU (gpumodel='A100')",
        "/network_address=1/core=4,walltime=0:5:0;((gpu='YES') AND drain='NO';a GPU (gpu='YES')",
        "/network_address=1/core=1,walltime=0:5:0;(desktop_computing = 'NO') AND drain='NO';",
        "/network_address=1/core=1,walltime=0:5:0;(gpumodel != 'A100') AND drain='NO';",
        "/network_address=1/core=1,walltime=0:5:0;(gpu='NO') AND drain='NO';",
      })
  void isWhatAnOarJobAskedFor(String resources, String properties, String gpu) {
    String page =
        """
        {"4711" : {"wanted_resources" : "-l \\"{type = 'default'}%s\\" ", "properties" : "%s"}}
        """
            .formatted(resources, properties);
    assertEquals(Optional.ofNullable(gpu), GivenGpu.inOar(page));
  }

  @Test
  void namesNodeGpuAndWhatToDoWhereItIsBroken() {
    Map<String, String> slurm =
        Map.of("SLURM_JOB_ID", "1", "SLURMD_NODENAME", "a100-3", "SLURM_JOB_GPUS", "1");
    String message = unusable(slurm);
    assertTrue(
        message.startsWith("Node a100-3 is broken: this job was given GPU 1 of it"), message);
    assertTrue(message.contains("no driver"), message);
    assertTrue(message.contains("--exclude=a100-3"), message);
    assertTrue(message.contains("--backend cpu"), message);
  }

  @Test
  void namesThePropertyThatAvoidsTheNodeOnOar() {
    Map<String, String> oar = Map.of("OAR_JOB_ID", "1", "CUDA_VISIBLE_DEVICES", "0");
    String message = unusable(oar);
    assertTrue(message.contains("-p \"network_address != 'luke60'\""), message);
  }

  @Test
  void isNotBlamedForAJarThatLacksItsKernels() {
    UnsupportedDeviceException reason = new UnsupportedDeviceException("built without nvcc");
    assertSame(reason, gpu(Map.of("SLURM_JOB_ID", "1", "SLURM_JOB_GPUS", "1")).unusable(reason));
  }

  private static String unusable(Map<String, String> environment) {
    return gpu(environment).unusable(new DeviceException("no driver")).getMessage();
  }

  private static GivenGpu gpu(Map<String, String> environment) {
    return JobContext.of(environment, "luke60", 1).givenGpu(SampleJobs.TIMEOUT).orElseThrow();
  }
}
