package belay.cli;

import belay.backend.Backend;
import belay.backend.reference.ReferenceBackend;
import belay.cluster.JobContext;
import belay.conf.Settings;
import belay.error.DeviceException;

/** Chooses who computes. */
final class Devices {
  private static final System.Logger LOG = System.getLogger("belay.device");

  private Devices() {}

  /**
   * @throws DeviceException if the backend asked for cannot work here
   */
  static Backend open(Settings settings, JobContext job) {
    Backend backend = choose(settings, threads(settings, job));
    LOG.log(System.Logger.Level.INFO, "device=\"%s\"".formatted(backend.describe()));
    return backend;
  }

  /** Of the CPU, for backends and for everything else that uses several. */
  static int threads(Settings settings, JobContext job) {
    return settings.cpu().threads().orElse(job.processors());
  }

  private static Backend choose(Settings settings, int threads) {
    return new ReferenceBackend();
  }
}
