package belay.conf.settings;

import static belay.conf.settings.ClusterRule.condition;
import static belay.conf.settings.ClusterRule.features;
import static belay.conf.settings.ClusterRule.hierarchy;
import static belay.conf.settings.ClusterRule.label;
import static belay.conf.settings.ClusterRule.labels;
import static belay.conf.settings.ClusterRule.mailTypes;
import static belay.conf.settings.ClusterRule.mailUser;
import static belay.conf.settings.ClusterRule.models;
import static belay.conf.settings.ClusterRule.moduleCalls;
import static belay.conf.settings.ClusterRule.names;
import static belay.conf.settings.ClusterRule.nodes;
import static belay.conf.settings.ClusterRule.notification;
import static belay.conf.settings.ClusterRule.options;
import static belay.conf.settings.ClusterRule.template;
import static belay.conf.settings.ClusterRule.timeLimit;
import static belay.conf.settings.Rule.above;
import static belay.conf.settings.Rule.atLeast;
import static belay.conf.settings.Rule.autoOr;
import static belay.conf.settings.Rule.below;
import static belay.conf.settings.Rule.between;
import static belay.conf.settings.Rule.choice;
import static belay.conf.settings.Rule.classWeights;
import static belay.conf.settings.Rule.datasetPath;
import static belay.conf.settings.Rule.directory;
import static belay.conf.settings.Rule.fileNames;
import static belay.conf.settings.Rule.limit;
import static belay.conf.settings.Rule.listOf;
import static belay.conf.settings.Rule.matching;
import static belay.conf.settings.Rule.name;
import static belay.conf.settings.Rule.optionalWebAddress;
import static belay.conf.settings.Rule.place;
import static belay.conf.settings.Rule.powerOfTwo;
import static belay.conf.settings.Rule.scaleOr;
import static belay.conf.settings.Rule.seed;
import static belay.conf.settings.Rule.share;
import static belay.conf.settings.Rule.webAddress;
import static belay.conf.settings.Rule.whole;
import static belay.conf.settings.Rule.yesOrNo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Every key: the one source of names, types and ranges. Defaults and comments stand in
 * conf/belay.properties, in the same order.
 */
public final class Keys {
  private static final Map<String, Key<?>> TABLE = new LinkedHashMap<>();
  private static final double MANY = 1e6;

  static final Key<Settings.BackendName> BACKEND =
      key("backend", choice(Settings.BackendName.class));

  static final Key<Optional<Path>> DATA_DIR = key("data.dir", directory());
  static final Key<URI> DATA_URL = keyOutsideRuns("data.url", webAddress());
  static final Key<String> DATA_MD5 =
      key("data.md5", matching("32 hexadecimal digits, or empty", "(\\p{XDigit}{32})?"));
  static final Key<OptionalInt> DATA_HEIGHT = key("data.height", autoOr(whole(1, 4096)));
  static final Key<OptionalInt> DATA_WIDTH = key("data.width", autoOr(whole(1, 4096)));
  static final Key<OptionalInt> DATA_CHANNELS = key("data.channels", autoOr(whole(1, 64)));
  static final Key<OptionalInt> DATA_CLASSES = key("data.classes", autoOr(whole(2, 256)));
  static final Key<List<String>> DATA_TRAIN_FILES = key("data.train-files", fileNames());
  static final Key<List<String>> DATA_TEST_FILES = key("data.test-files", fileNames());
  static final Key<String> DATA_NAMES_FILE =
      key(
          "data.names-file",
          matching("a file name within data.dir, or empty", "(?!/)(?!.*\\.\\./).*"));
  static final Key<Integer> DATA_VALIDATION = key("data.validation", atLeast(0));
  static final Key<String> DATA_IMAGES = key("data.images", datasetPath());
  static final Key<String> DATA_LABELS = key("data.labels", datasetPath());
  static final Key<String> DATA_TEST_IMAGES = key("data.test-images", datasetPath());
  static final Key<String> DATA_TEST_LABELS = key("data.test-labels", datasetPath());
  static final Key<Integer> DATA_TEST_PERCENT = key("data.test-percent", whole(1, 90));
  static final Key<Boolean> DATA_SKIP_DAMAGED = key("data.skip-damaged", yesOrNo());
  static final Key<Optional<Path>> DATA_CACHE = keyOutsideRuns("data.cache", directory());

  static final Key<String> TRAIN_NETWORK = key("train.network", name());
  static final Key<Long> TRAIN_SEED = key("train.seed", seed());
  static final Key<Integer> TRAIN_EPOCHS = key("train.epochs", whole(1, 1_000_000));
  static final Key<Integer> TRAIN_BATCH = key("train.batch", whole(1, 4096));
  static final Key<OptionalInt> TRAIN_SHARDS = key("train.shards", autoOr(powerOfTwo(64)));
  static final Key<Integer> TRAIN_LIMIT = key("train.limit", atLeast(0));
  static final Key<TrainSettings.Init> TRAIN_INIT =
      key("train.init", choice(TrainSettings.Init.class));
  static final Key<Optional<Path>> TRAIN_START =
      key("train.start", place("a run directory or a checkpoint"));
  static final Key<TrainSettings.Precision> TRAIN_PRECISION =
      key("train.precision", choice(TrainSettings.Precision.class));
  static final Key<Double> TRAIN_LABEL_SMOOTHING = key("train.label-smoothing", below(0, 1));
  static final Key<Integer> TRAIN_PATIENCE_EPOCHS = key("train.patience-epochs", atLeast(0));
  static final Key<Double> TRAIN_TARGET_LOSS = key("train.target-loss", limit());
  static final Key<Boolean> TRAIN_STOP_AT_TARGET = key("train.stop-at-target", yesOrNo());

  static final Key<AugmentationSettings.Mirror> TRAIN_MIRROR =
      key("train.mirror", choice(AugmentationSettings.Mirror.class));
  static final Key<Integer> TRAIN_CROP = key("train.crop", whole(0, 256));
  static final Key<AugmentationSettings.Border> TRAIN_CROP_BORDER =
      key("train.crop-border", choice(AugmentationSettings.Border.class));
  static final Key<Double> TRAIN_SCALE_FROM = key("train.scale-from", above(0, 1));
  static final Key<Integer> TRAIN_RAND_AUGMENT = key("train.rand-augment", whole(0, 16));
  static final Key<Integer> TRAIN_RAND_AUGMENT_MAGNITUDE =
      key("train.rand-augment-magnitude", whole(0, 30));
  static final Key<Double> TRAIN_BRIGHTNESS = key("train.brightness", share());
  static final Key<Double> TRAIN_CONTRAST = key("train.contrast", share());
  static final Key<Double> TRAIN_SATURATION = key("train.saturation", share());
  static final Key<Double> TRAIN_HUE = key("train.hue", between(0, 0.5));
  static final Key<Integer> TRAIN_CUTOUT = key("train.cutout", whole(0, 1024));
  static final Key<Double> TRAIN_MIXUP = key("train.mixup", between(0, 10));
  static final Key<Double> TRAIN_CUTMIX = key("train.cutmix", between(0, 10));
  static final Key<Double> TRAIN_NOISE = key("train.noise", share());
  static final Key<Double> TRAIN_MASK = key("train.mask", share());
  static final Key<Integer> TRAIN_MASK_PATCH = key("train.mask-patch", whole(1, 1024));

  static final Key<UpdateSettings.Optimizer> TRAIN_OPTIMIZER =
      key("train.optimizer", choice(UpdateSettings.Optimizer.class));
  static final Key<Double> TRAIN_MOMENTUM = key("train.momentum", below(0, 1));
  static final Key<Boolean> TRAIN_NESTEROV = key("train.nesterov", yesOrNo());
  static final Key<Double> TRAIN_BETA1 = key("train.beta1", below(0, 1));
  static final Key<Double> TRAIN_BETA2 = key("train.beta2", below(0, 1));
  static final Key<Double> TRAIN_ALPHA = key("train.alpha", below(0, 1));
  static final Key<Double> TRAIN_EPSILON = key("train.epsilon", above(0, 1));
  static final Key<Double> TRAIN_TRUST_COEFFICIENT = key("train.trust-coefficient", above(0, 1));
  static final Key<MuonSettings.Of> TRAIN_MUON_OF =
      key("train.muon-of", choice(MuonSettings.Of.class));
  static final Key<Integer> TRAIN_MUON_STEPS = key("train.muon-steps", whole(1, 20));
  static final Key<Boolean> TRAIN_MUON_NORMALIZE = key("train.muon-normalize", yesOrNo());
  static final Key<MuonSettings.Others> TRAIN_MUON_OTHERS =
      key("train.muon-others", choice(MuonSettings.Others.class));
  static final Key<Double> TRAIN_MUON_OTHERS_MOMENTUM =
      key("train.muon-others-momentum", below(0, 1));
  static final Key<Double> TRAIN_WEIGHT_DECAY = key("train.weight-decay", share());
  static final Key<UpdateSettings.WeightDecayOf> TRAIN_WEIGHT_DECAY_OF =
      key("train.weight-decay-of", choice(UpdateSettings.WeightDecayOf.class));
  static final Key<List<GroupSettings.Valued>> TRAIN_WEIGHT_DECAYS =
      key("train.weight-decays", GroupSettings.valued(0));
  static final Key<Double> TRAIN_L1 = key("train.l1", share());
  static final Key<Double> TRAIN_CLIP_VALUE = key("train.clip-value", limit());
  static final Key<Double> TRAIN_CLIP_NORM = key("train.clip-norm", limit());
  static final Key<Double> TRAIN_AVERAGE = key("train.average", below(0, 1));
  static final Key<Integer> TRAIN_SWA_EPOCHS = key("train.swa-epochs", atLeast(0));

  static final Key<List<GroupSettings.Frozen>> TRAIN_FREEZE =
      key("train.freeze", GroupSettings.frozen());

  static final Key<Double> TRAIN_LEARNING_RATE = key("train.learning-rate", above(0, 100));
  static final Key<Integer> TRAIN_LEARNING_RATE_PER = key("train.learning-rate-per", atLeast(0));
  static final Key<List<GroupSettings.Valued>> TRAIN_LEARNING_RATES =
      key("train.learning-rates", GroupSettings.valued(Double.MIN_NORMAL));
  static final Key<RateSettings.Schedule> TRAIN_SCHEDULE =
      key("train.schedule", choice(RateSettings.Schedule.class));
  static final Key<Integer> TRAIN_WARMUP_STEPS = key("train.warmup-steps", atLeast(0));
  static final Key<Double> TRAIN_WARMUP_EPOCHS = key("train.warmup-epochs", below(0, MANY));
  static final Key<Integer> TRAIN_SCHEDULE_STEP_EPOCHS =
      key("train.schedule-step-epochs", atLeast(1));
  static final Key<Double> TRAIN_SCHEDULE_FACTOR = key("train.schedule-factor", above(0, 1));
  static final Key<Double> TRAIN_SCHEDULE_FINAL = key("train.schedule-final", share());
  static final Key<Double> TRAIN_SCHEDULE_GROWTH = key("train.schedule-growth", below(1, 10));

  static final Key<Integer> TUNE_OVERFIT_BATCHES = key("tune.overfit-batches", whole(1, 1000));
  static final Key<Integer> TUNE_OVERFIT_PASSES = key("tune.overfit-passes", whole(1, 100_000));
  static final Key<Integer> TUNE_RANGE_STEPS = key("tune.range-steps", whole(20, 100_000));
  static final Key<Integer> TUNE_COARSE_EPOCHS = key("tune.coarse-epochs", whole(1, 1000));
  static final Key<Integer> TUNE_FINE_EPOCHS = key("tune.fine-epochs", whole(1, 1000));

  static final Key<Integer> CHECKPOINT_INTERVAL_SECONDS =
      key("checkpoint.interval-seconds", atLeast(0));
  static final Key<Integer> CHECKPOINT_KEEP = key("checkpoint.keep", atLeast(1));

  static final Key<Integer> LEASE_HEARTBEAT_SECONDS =
      key("lease.heartbeat-seconds", whole(1, 3600));
  static final Key<Integer> LEASE_STALE_SECONDS = key("lease.stale-seconds", whole(3, 86_400));

  static final Key<OptionalInt> CPU_THREADS = key("cpu.threads", autoOr(whole(1, 1024)));

  static final Key<Integer> CUDA_DEVICE = key("cuda.device", whole(0, 63));
  static final Key<String> CUDA_TIER =
      key(
          "cuda.tier",
          matching("one of auto, sm_90, sm_80, sm_70, sm_35", "auto|sm_90|sm_80|sm_70|sm_35"));

  static final Key<Integer> EXTRACT_BATCH = key("extract.batch", whole(1, 4096));

  static final Key<SvmSettings.Kernel> SVM_KERNEL =
      key("svm.kernel", choice(SvmSettings.Kernel.class));
  static final Key<List<Double>> SVM_C = key("svm.c", listOf(above(0, MANY)));
  static final Key<List<OptionalDouble>> SVM_GAMMA =
      key("svm.gamma", listOf(scaleOr(above(0, MANY))));
  static final Key<OptionalInt> SVM_FOLDS = key("svm.folds", autoOr(whole(2, 100)));
  static final Key<Optional<List<Double>>> SVM_CLASS_WEIGHTS =
      key("svm.class-weights", classWeights(above(0, MANY)));
  static final Key<SvmSettings.Precision> SVM_PRECISION =
      key("svm.precision", choice(SvmSettings.Precision.class));
  static final Key<Double> SVM_TOLERANCE = key("svm.tolerance", above(0, 1));
  static final Key<OptionalInt> SVM_MEMORY_MIB = key("svm.memory-mib", autoOr(atLeast(16)));
  static final Key<Boolean> SVM_SCALE = key("svm.scale", yesOrNo());

  static final Key<Integer> LOG_INTERVAL_SECONDS = key("log.interval-seconds", whole(1, 3600));
  static final Key<Boolean> LOG_MLPERF = key("log.mlperf", yesOrNo());

  static final Key<Integer> METRICS_INTERVAL_SECONDS =
      key("metrics.interval-seconds", whole(1, 3600));
  static final Key<String> METRICS_TEXTFILE =
      keyOutsideRuns("metrics.textfile", matching("a path not in ~, or empty", "(?!~).*"));
  static final Key<Optional<URI>> METRICS_PUSHGATEWAY =
      keyOutsideRuns("metrics.pushgateway", optionalWebAddress());
  static final Key<Boolean> METRICS_PROFILE = key("metrics.profile", yesOrNo());
  static final Key<Boolean> METRICS_TENSORBOARD = key("metrics.tensorboard", yesOrNo());

  static final Key<ClusterSettings.SchedulerName> CLUSTER_SCHEDULER =
      key("cluster.scheduler", choice(ClusterSettings.SchedulerName.class));
  static final Key<String> CLUSTER_ACCOUNT = key("cluster.account", label());
  static final Key<Boolean> CLUSTER_ACCOUNT_REQUIRED = key("cluster.account-required", yesOrNo());
  static final Key<String> CLUSTER_PARTITION = key("cluster.partition", labels());
  static final Key<String> CLUSTER_BESTEFFORT_PARTITION =
      key("cluster.besteffort-partition", labels());
  static final Key<String> CLUSTER_QOS = key("cluster.qos", label());
  static final Key<String> CLUSTER_BESTEFFORT_QOS = key("cluster.besteffort-qos", label());
  static final Key<String> CLUSTER_PROPERTIES =
      key("cluster.properties", condition("gpumodel='A100'"));
  static final Key<String> CLUSTER_CONSTRAINT = key("cluster.constraint", features());
  static final Key<String> CLUSTER_EXCLUDE = key("cluster.exclude", nodes());
  static final Key<String> CLUSTER_RESERVATION = key("cluster.reservation", labels());
  static final Key<String> CLUSTER_MAIL_USER = keyOutsideRuns("cluster.mail-user", mailUser());
  static final Key<List<String>> CLUSTER_MAIL_TYPE = key("cluster.mail-type", mailTypes());
  static final Key<List<String>> CLUSTER_OPTIONS = keyOutsideRuns("cluster.options", options());
  static final Key<Integer> CLUSTER_TOGETHER = key("cluster.together", atLeast(0));
  static final Key<Boolean> CLUSTER_BESTEFFORT = key("cluster.besteffort", yesOrNo());
  static final Key<Boolean> CLUSTER_BESTEFFORT_WARNING =
      key("cluster.besteffort-warning", yesOrNo());
  static final Key<List<String>> CLUSTER_GPU = key("cluster.gpu", models());
  static final Key<Map<String, String>> CLUSTER_GPUS = key("cluster.gpus", names());
  static final Key<String> CLUSTER_GPU_GRES = key("cluster.gpu-gres", template());
  static final Key<String> CLUSTER_GPU_CONSTRAINT = key("cluster.gpu-constraint", template());
  static final Key<String> CLUSTER_GPU_PROPERTIES =
      key("cluster.gpu-properties", condition("gpumodel='{gpu}'"));
  static final Key<String> CLUSTER_GPU_RESOURCES =
      key("cluster.gpu-resources", hierarchy("/nodes=1/gpu=1"));
  static final Key<String> CLUSTER_CPU_RESOURCES =
      key("cluster.cpu-resources", hierarchy("/nodes=1/core={cpus}"));
  static final Key<Duration> CLUSTER_WALLTIME = key("cluster.walltime", timeLimit());
  static final Key<Duration> CLUSTER_WALLTIME_MAX = key("cluster.walltime-max", timeLimit());
  static final Key<Integer> CLUSTER_CPUS = key("cluster.cpus", whole(1, 1024));
  static final Key<Integer> CLUSTER_MEMORY_MIB = key("cluster.memory-mib", atLeast(0));
  static final Key<String> CLUSTER_MODULES = keyOutsideRuns("cluster.modules", moduleCalls());
  static final Key<String> CLUSTER_ENVIRONMENT =
      keyOutsideRuns("cluster.environment", matching("words, or empty", "[\\w .,:@=/+-]*"));
  static final Key<Optional<Path>> CLUSTER_SCRATCH = keyOutsideRuns("cluster.scratch", directory());
  static final Key<Optional<Path>> CLUSTER_TMPDIR = keyOutsideRuns("cluster.tmpdir", directory());
  static final Key<ClusterSettings.Requeue> CLUSTER_REQUEUE =
      key("cluster.requeue", choice(ClusterSettings.Requeue.class));
  static final Key<Integer> CLUSTER_EARLY_SAVE_SECONDS =
      key("cluster.early-save-seconds", whole(0, 3600));
  static final Key<Integer> CLUSTER_MAX_ATTEMPTS = key("cluster.max-attempts", whole(1, 1000));
  static final Key<String> CLUSTER_NOTIFY = keyOutsideRuns("cluster.notify", notification());
  static final Key<Integer> CLUSTER_TIMEOUT_SECONDS = key("cluster.timeout-seconds", whole(1, 600));

  private Keys() {}

  /** In the order of conf/belay.properties. */
  public static Collection<Key<?>> all() {
    return Collections.unmodifiableCollection(TABLE.values());
  }

  public static boolean has(String name) {
    return TABLE.containsKey(name);
  }

  public static Key<?> named(String name) {
    return TABLE.get(name);
  }

  /** Whose value may hold a password. */
  static boolean holdsAddress(String name) {
    return name.equals(DATA_URL.name()) || name.equals(METRICS_PUSHGATEWAY.name());
  }

  private static <T> Key<T> key(String name, Rule<T> rule) {
    return add(new Key<>(name, rule, true));
  }

  private static <T> Key<T> keyOutsideRuns(String name, Rule<T> rule) {
    return add(new Key<>(name, rule, false));
  }

  private static <T> Key<T> add(Key<T> key) {
    TABLE.put(key.name(), key);
    return key;
  }
}
