package belay.conf.settings;

/** The whole effective configuration; one record for each stage of the work. */
public record Settings(
    BackendName backend,
    DataSettings data,
    TrainSettings train,
    TuneSettings tune,
    CheckpointSettings checkpoint,
    LeaseSettings lease,
    CpuSettings cpu,
    CudaSettings cuda,
    ExtractSettings extract,
    SvmSettings svm,
    LogSettings log,
    MetricsSettings metrics,
    ClusterSettings cluster) {

  /** Who computes. */
  public enum BackendName {
    /** The fastest that this machine has. */
    AUTO,
    /** An NVIDIA GPU. */
    CUDA,
    /** oneDNN. */
    CPU,
    /** Plain loops. */
    REFERENCE
  }

  public static Settings of(Values values) {
    return new Settings(
        values.get(Keys.BACKEND),
        DataSettings.of(values),
        TrainSettings.of(values),
        TuneSettings.of(values),
        CheckpointSettings.of(values),
        LeaseSettings.of(values),
        CpuSettings.of(values),
        CudaSettings.of(values),
        ExtractSettings.of(values),
        SvmSettings.of(values),
        LogSettings.of(values),
        MetricsSettings.of(values),
        ClusterSettings.of(values));
  }
}
