package belay.cli;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.backend.onednn.OnednnBackend;
import belay.cli.option.ConfigurationOptions;
import belay.conf.settings.Settings;
import belay.doctor.OperationCheck;
import belay.doctor.SvmCheck;
import belay.error.DeviceException;
import belay.job.JobContext;
import belay.run.Devices;
import belay.run.Version;
import belay.storage.Host;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what this machine can do, and whether it computes right. */
@Command(
    name = "doctor",
    description = {
      "Says which devices this machine has for belay and what is missing, and runs every operation"
          + " on 100 random images on each of them and on the reference backend.",
      ""
    })
final class DoctorCommand implements Callable<Integer> {
  private static final List<String> TIERS = List.of("sm_90", "sm_80", "sm_70", "sm_35");

  @Mixin private ConfigurationOptions configuration;

  private boolean healthy = true;

  @Override
  public Integer call() {
    Settings settings = configuration.load().settings();
    JobContext job = JobContext.local();
    System.out.printf("belay       %s%n", Version.text());
    System.out.printf(
        "java        %s, %s, heap %,d MiB%n",
        System.getProperty("java.version"),
        System.getProperty("java.vm.name"),
        Runtime.getRuntime().maxMemory() >> 20);
    System.out.printf(
        "host        %s, %s, %d processors for this job%n",
        Host.local().name(), System.getProperty("os.arch"), job.processors());
    System.out.printf("job         %s %s%n", job.scheduler(), job.jobId().orElse(""));
    System.out.printf("kernels     %s%n", kernels());
    examine("cpu", () -> new OnednnBackend(Devices.threads(settings, job)), cpuPrecisions());
    examineGpu(settings);
    return healthy ? 0 : 4;
  }

  private static String kernels() {
    List<String> tiers = Devices.kernelTiers();
    return tiers.isEmpty()
        ? "none: this jar was built without nvcc and computes on CPUs only"
        : "for CUDA, of tiers " + String.join(", ", tiers);
  }

  /** Every tier that the GPU can load, so that an old GPU's code is tried on a new one. */
  private void examineGpu(Settings settings) {
    try (Backend gpu = gpu(settings, "auto")) {
      System.out.printf("%n%-11s %s%n", "cuda", gpu.describe());
    } catch (DeviceException e) {
      System.out.printf("%n%-11s %s%n", "cuda", e.getMessage());
      return;
    }
    for (String tier : TIERS) {
      examine("cuda " + tier, () -> gpu(settings, tier), List.of(Precision.values()));
    }
  }

  private static Backend gpu(Settings settings, String tier) {
    return new CudaBackend(new CudaSettings(settings.cuda().device(), tier, Precision.FP32));
  }

  private static List<Precision> cpuPrecisions() {
    return List.of(Precision.FP32, Precision.BF16);
  }

  private void examine(String name, Supplier<Backend> open, List<Precision> precisions) {
    try (Backend device = open.get()) {
      System.out.printf("%n%-11s %s%n", name, device.describe());
      System.out.println(OperationCheck.HEADING);
      for (Precision precision : precisions) {
        examine(device, precision);
      }
    } catch (DeviceException e) {
      System.out.printf("%n%-11s %s%n", name, e.getMessage());
    }
  }

  private void examine(Backend device, Precision precision) {
    try {
      report(OperationCheck.all(device, precision));
      report(SvmCheck.all(device, precision));
    } catch (DeviceException e) {
      System.out.printf("%-6s %s%n", precision.name().toLowerCase(Locale.ROOT), e.getMessage());
    }
  }

  private void report(List<OperationCheck> checks) {
    for (OperationCheck check : checks) {
      System.out.println(check);
      healthy &= check.passes();
    }
  }
}
