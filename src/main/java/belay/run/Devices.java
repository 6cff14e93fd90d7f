package belay.run;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.backend.onednn.OnednnBackend;
import belay.backend.reference.ReferenceBackend;
import belay.conf.settings.Settings;
import belay.error.DeviceException;
import belay.job.JobContext;
import belay.job.StopSignals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Chooses who computes. */
public final class Devices {
  private static final System.Logger LOG = System.getLogger("belay.device");

  private Devices() {}

  /**
   * @throws DeviceException if the backend asked for cannot work here
   */
  public static Backend open(Settings settings, JobContext job) {
    Backend backend = choose(settings, job);
    LOG.log(System.Logger.Level.INFO, "device=\"%s\"".formatted(backend.describe()));
    return backend;
  }

  /** To look at runs. Not the GPU: it may be busy with the very run that is looked at. */
  public static Backend forLooking() {
    return OnednnBackend.unavailable().isEmpty()
        ? new OnednnBackend(JobContext.local().processors(), StopSignals::requested)
        : new ReferenceBackend(StopSignals::requested);
  }

  /** Of the CPU, for backends and for everything else that uses several. */
  public static int threads(Settings settings, JobContext job) {
    return settings.cpu().threads().orElse(job.processors());
  }

  private static Backend choose(Settings settings, JobContext job) {
    return switch (settings.backend()) {
      case CUDA -> wanted(settings, job);
      case CPU -> onednn(threads(settings, job));
      case REFERENCE -> new ReferenceBackend(StopSignals::requested);
      case AUTO -> fastest(settings, job);
    };
  }

  static Backend cuda(Settings settings) {
    return new CudaBackend(
        new CudaSettings(
            settings.cuda().device(),
            settings.cuda().tier(),
            Precision.valueOf(settings.train().precision().name())));
  }

  /** The tiers of CUDA kernels that this jar has; none if it was built without nvcc. */
  public static List<String> kernelTiers() {
    return CudaBackend.tiersInJar();
  }

  private static Backend onednn(int threads) {
    OnednnBackend.unavailable()
        .ifPresent(
            reason -> {
              throw new DeviceException(
                  "The CPU backend cannot work here: " + reason + "; use --backend reference");
            });
    return new OnednnBackend(threads, StopSignals::requested);
  }

  private static Backend wanted(Settings settings, JobContext job) {
    try {
      return cuda(settings);
    } catch (DeviceException e) {
      throw broken(settings, job, e).orElse(e);
    }
  }

  /** What ends a job whose scheduler gave it a GPU that cannot be used. */
  private static Optional<DeviceException> broken(
      Settings settings, JobContext job, DeviceException reason) {
    Duration timeout = Duration.ofSeconds(settings.cluster().timeoutSeconds());
    return job.givenGpu(timeout).map(gpu -> gpu.unusable(reason));
  }

  private static Backend fastest(Settings settings, JobContext job) {
    try {
      return cuda(settings);
    } catch (DeviceException e) {
      broken(settings, job, e)
          .ifPresent(
              problem -> {
                throw problem;
              });
      LOG.log(System.Logger.Level.WARNING, "backend=cpu, as no GPU can be used: " + e.getMessage());
    }
    Optional<String> reason = OnednnBackend.unavailable();
    if (reason.isPresent()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "backend=reference, which is slow, as the CPU backend cannot work here: " + reason.get());
      return new ReferenceBackend(StopSignals::requested);
    }
    return new OnednnBackend(threads(settings, job), StopSignals::requested);
  }
}
