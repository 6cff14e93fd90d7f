package belay.run;

import belay.backend.Backend;
import belay.checkpoint.Checkpoint;
import belay.conf.settings.Settings;
import belay.data.Dataset;
import belay.data.Split;
import belay.data.source.Reading;
import belay.job.JobContext;
import belay.job.StopSignals;
import belay.net.Network;
import java.util.function.Consumer;

/**
 * What the stages of one process share: images and device are opened when a stage first needs them,
 * and once.
 */
final class Workbench implements AutoCloseable {
  private static final int TENTH = 10;

  private final Settings settings;
  private final JobContext job;
  private final Consumer<Backend> opened;
  private final Timings timings = new Timings();
  private Split split; // of the dataset
  private Dataset dataset;
  private Backend backend;

  /**
   * @param opened told of the device
   */
  Workbench(Settings settings, JobContext job, Consumer<Backend> opened) {
    this.settings = settings;
    this.job = job;
    this.opened = opened;
  }

  /** The configured network and its images. */
  Inputs inputs() {
    return Inputs.configured(settings, dataset(Inputs.network(settings), Inputs.split(settings)));
  }

  /** The same with images held out: a tenth of the training images where no key says how many. */
  Inputs judgedInputs() {
    Inputs inputs = inputs();
    if (inputs.dataset().validation().isEmpty()) {
      int tenth = Math.max(1, inputs.dataset().train().count() / TENTH);
      dataset = new Split(0, tenth, split.seed()).of(dataset);
      split = new Split(split.limit(), tenth, split.seed());
    }
    return Inputs.configured(settings, dataset);
  }

  /** The network of a checkpoint, and images for it, apart as its training held some out. */
  Inputs inputs(Checkpoint trained) {
    Split wanted = Inputs.split(settings, trained.configuration());
    return new Inputs(trained.network(), dataset(trained.network(), wanted));
  }

  /** Read anew where a stage wants another split: both at once would take twice the memory. */
  private Dataset dataset(Network network, Split wanted) {
    if (!wanted.equals(split)) {
      dataset = null;
      dataset =
          timings.of("data", () -> wanted.of(Inputs.read(settings, network.input(), reading())));
      split = wanted;
    }
    return dataset;
  }

  private Reading reading() {
    return new Reading(Devices.threads(settings, job), StopSignals::requested);
  }

  /**
   * @throws belay.error.DeviceException if the backend asked for cannot work here
   */
  Backend backend() {
    if (backend == null) {
      backend = timings.of("device", () -> Devices.open(settings, job));
      opened.accept(backend);
    }
    return backend;
  }

  /** Seconds in which a GPU computed for this process. */
  double gpuSeconds() {
    return backend == null || backend.gpuUuid().isEmpty() ? 0 : timings.computing();
  }

  Timings timings() {
    return timings;
  }

  @Override
  public void close() {
    if (backend != null) {
      backend.close();
    }
  }
}
