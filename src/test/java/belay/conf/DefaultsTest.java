package belay.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.conf.settings.AugmentationSettings;
import belay.conf.settings.CheckpointSettings;
import belay.conf.settings.ClusterSettings;
import belay.conf.settings.CpuSettings;
import belay.conf.settings.CudaSettings;
import belay.conf.settings.DataSettings;
import belay.conf.settings.ExtractSettings;
import belay.conf.settings.GroupSettings;
import belay.conf.settings.JobEnvironment;
import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.conf.settings.LeaseSettings;
import belay.conf.settings.LogSettings;
import belay.conf.settings.MetricsSettings;
import belay.conf.settings.MuonSettings;
import belay.conf.settings.Problems;
import belay.conf.settings.QueueSettings;
import belay.conf.settings.RateSettings;
import belay.conf.settings.RequestSettings;
import belay.conf.settings.ResourceSettings;
import belay.conf.settings.Settings;
import belay.conf.settings.SvmSettings;
import belay.conf.settings.TrainSettings;
import belay.conf.settings.TuneSettings;
import belay.conf.settings.UpdateSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** conf/belay.properties, the table of keys and the records say the same. */
class DefaultsTest {
  /** Every key with an allowed value that is not its default. */
  private static final String OTHER_VALUES =
      """
      backend=cpu
      data.dir=/data/images
      data.url=http://mirror.example/a.tar.gz
      data.md5=
      data.height=8
      data.width=9
      data.channels=1
      data.classes=2
      data.train-files=a.bin, b.bin
      data.test-files=c.bin
      data.names-file=
      data.validation=500
      data.images=/a/images
      data.labels=/a/labels
      data.test-images=/b/images
      data.test-labels=/b/labels
      data.test-percent=25
      data.skip-damaged=true
      data.cache=/scratch/cache
      train.network=nets/mine.net
      train.seed=9223372036854775807
      train.epochs=13
      train.batch=4096
      train.shards=16
      train.limit=1000
      train.init=he
      train.start=/runs/before
      train.precision=bf16
      train.label-smoothing=0.1
      train.patience-epochs=5
      train.target-loss=0.002
      train.stop-at-target=true
      train.mirror=alternate
      train.crop=4
      train.crop-border=zero
      train.scale-from=0.5
      train.rand-augment=2
      train.rand-augment-magnitude=14
      train.brightness=0.2
      train.contrast=0.3
      train.saturation=0.4
      train.hue=0.5
      train.cutout=8
      train.mixup=0.2
      train.cutmix=1
      train.noise=0.1
      train.mask=0.5
      train.mask-patch=8
      train.optimizer=ADAMW
      train.momentum=0
      train.nesterov=true
      train.beta1=0.8
      train.beta2=0.99
      train.alpha=0.9
      train.epsilon=1e-6
      train.trust-coefficient=0.02
      train.muon-of=filters
      train.muon-steps=3
      train.muon-normalize=true
      train.muon-others=sgd
      train.muon-others-momentum=0.85
      train.weight-decay=0.01
      train.weight-decay-of=kernels
      train.weight-decays=*/b=3e-4, linear1/w=0
      train.l1=1e-5
      train.clip-value=5
      train.clip-norm=1
      train.average=0.999
      train.swa-epochs=3
      train.freeze=conv1/w, conv1/b@4-, enc*@-3, dec*@2, x@2-5
      train.learning-rate=.01
      train.learning-rate-per=256
      train.learning-rates=*/b=100
      train.schedule=inverse-sqrt
      train.warmup-steps=0
      train.warmup-epochs=2.5
      train.schedule-step-epochs=4
      train.schedule-factor=1
      train.schedule-final=0.05
      train.schedule-growth=3
      tune.overfit-batches=5
      tune.overfit-passes=50
      tune.range-steps=100
      tune.coarse-epochs=2
      tune.fine-epochs=10
      checkpoint.interval-seconds=0
      checkpoint.keep=1
      lease.heartbeat-seconds=7
      lease.stale-seconds=11
      cpu.threads=2
      cuda.device=1
      cuda.tier=sm_70
      extract.batch=1
      svm.kernel=linear
      svm.c=0.5, 1
      svm.gamma=scale, 0.01
      svm.folds=3
      svm.class-weights=1, 2.5
      svm.precision=tf32
      svm.tolerance=1
      svm.memory-mib=16
      svm.scale=false
      log.interval-seconds=1
      log.mlperf=true
      metrics.interval-seconds=1
      metrics.textfile=
      metrics.pushgateway=http://head:9091
      metrics.profile=false
      metrics.tensorboard=true
      cluster.scheduler=oar
      cluster.account=pr-x
      cluster.account-required=true
      cluster.partition=gpu,gpu2
      cluster.besteffort-partition=idle
      cluster.qos=long
      cluster.besteffort-qos=scavenger
      cluster.properties=mem > 64 AND NOT host = 'n1'
      cluster.constraint=a100&(nvlink|ib)
      cluster.exclude=n[1-3],n7
      cluster.reservation=course
      cluster.mail-user=kim@example.org
      cluster.mail-type=END,FAIL
      cluster.options=--nice=100 -w n1
      cluster.together=8
      cluster.besteffort=true
      cluster.besteffort-warning=false
      cluster.gpu=a100,v100
      cluster.gpus=a100=A100, k40=K40m
      cluster.gpu-gres=gpu:1
      cluster.gpu-constraint={gpu}-32g
      cluster.gpu-properties=gpu_model LIKE '{gpu}%'
      cluster.gpu-resources=/nodes=1/gpudevice=1
      cluster.cpu-resources=/core={cpus}
      cluster.walltime=1-12:00:00
      cluster.walltime-max=48:00:00
      cluster.cpus=8
      cluster.memory-mib=0
      cluster.modules=purge; load openjdk/17
      cluster.environment=/applis/env.sh bigfoot 12.6
      cluster.scratch=/scratch/kim
      cluster.tmpdir=/scratch/tmp
      cluster.requeue=sbatch
      cluster.early-save-seconds=0
      cluster.max-attempts=1
      cluster.notify=mail:kim@example.org
      cluster.timeout-seconds=5
      """;

  private final Settings defaults =
      Configuration.load(ConfigurationSources.of(Map.of())).settings();

  @Test
  void fileAndTableHoldTheSameKeysInTheSameOrder() {
    List<String> inFile = lines().stream().map(line -> line.entry().key()).toList();
    assertEquals(Keys.all().stream().map(Key::name).toList(), inFile);
  }

  @Test
  void everyCommentSaysWhatTheRangeIsAndWhenToChangeTheKey() {
    for (PropertyFile.Line line : lines()) {
      String first = line.comment().isEmpty() ? "" : line.comment().get(0);
      String range = Keys.named(line.entry().key()).range();
      String expected = (" " + range + ".").toLowerCase(Locale.ROOT);
      assertTrue(
          first.toLowerCase(Locale.ROOT).endsWith(expected),
          line.entry().key() + ": '" + first + "' must end in '" + range + ".'");
      assertTrue(line.comment().size() > 1, line.entry().key() + " needs a second line");
    }
  }

  @Test
  void everyDefaultIsAsDocumented() {
    assertEquals(Settings.BackendName.AUTO, defaults.backend());
    assertEquals(
        new DataSettings(
            Optional.empty(),
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
            "c32a1d4ab5d03f1284b67883e8d87530",
            new DataSettings.Shape(
                OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()),
            List.of(
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin"),
            List.of("test_batch.bin"),
            "batches.meta.txt",
            0,
            new DataSettings.Hdf5("", "", "", ""),
            20,
            false,
            Optional.empty()),
        defaults.data());
    assertEquals(new TuneSettings(10, 100, 300, 1, 5), defaults.tune());
    assertEquals(new CheckpointSettings(600, 3), defaults.checkpoint());
    assertEquals(new LeaseSettings(5, 15), defaults.lease());
    assertEquals(new CpuSettings(OptionalInt.empty()), defaults.cpu());
    assertEquals(new CudaSettings(0, "auto"), defaults.cuda());
    assertEquals(new ExtractSettings(256), defaults.extract());
    assertEquals(
        new SvmSettings(
            SvmSettings.Kernel.RBF,
            List.of(10.0),
            List.of(OptionalDouble.empty()),
            OptionalInt.empty(),
            Optional.of(List.of()),
            SvmSettings.Precision.FP32,
            0.001,
            OptionalInt.empty(),
            true),
        defaults.svm());
    assertEquals(new LogSettings(10, false), defaults.log());
    assertEquals(
        new MetricsSettings(15, "metrics.prom", Optional.empty(), true, false), defaults.metrics());
  }

  @Test
  void everyDefaultOfAJobIsAsDocumented() {
    ClusterSettings cluster = defaults.cluster();
    assertEquals(new QueueSettings("", false, "", "", "", "", "", false, true), cluster.queue());
    assertEquals(
        new ResourceSettings(
            List.of(),
            Map.of(),
            "gpu:{gpu}:1",
            "",
            "gpumodel='{gpu}'",
            "/nodes=1/gpu=1",
            "/nodes=1/core={cpus}",
            Duration.ofHours(2),
            Duration.ofHours(168),
            4,
            16384),
        cluster.resources());
    assertEquals(new RequestSettings("", "", "", "", List.of(), List.of(), 0), cluster.request());
    assertEquals(new JobEnvironment("", "", Optional.empty(), Optional.empty()), cluster.job());
    assertEquals(
        new ClusterSettings(
            ClusterSettings.SchedulerName.AUTO,
            cluster.queue(),
            cluster.request(),
            cluster.resources(),
            cluster.job(),
            ClusterSettings.Requeue.REQUEUE,
            120,
            20,
            "",
            30),
        cluster);
  }

  @Test
  void trainingDefaultsAreTheBestMeasuredOnes() {
    UpdateSettings update =
        new UpdateSettings(
            UpdateSettings.Optimizer.ADAM,
            0.9,
            false,
            0.9,
            0.999,
            0.99,
            1e-8,
            0.001,
            new UpdateSettings.Decay(0, UpdateSettings.WeightDecayOf.ALL, 0),
            0,
            0,
            0,
            0,
            new MuonSettings(MuonSettings.Of.KERNELS, 5, false, MuonSettings.Others.ADAMW, 0.9),
            new GroupSettings(List.of(), List.of(), List.of()));
    RateSettings rate =
        new RateSettings(0.0003, 0, RateSettings.Schedule.COSINE, 400, 0, 30, 0.1, 0, 2);
    assertEquals(
        new TrainSettings(
            "autoencoder",
            1,
            12,
            128,
            OptionalInt.empty(),
            0,
            TrainSettings.Init.XAVIER,
            Optional.empty(),
            TrainSettings.Precision.FP32,
            0,
            0,
            0,
            false,
            new AugmentationSettings(
                AugmentationSettings.Mirror.NONE,
                0,
                AugmentationSettings.Border.REFLECT,
                1,
                0,
                9,
                new AugmentationSettings.Jitter(0, 0, 0, 0),
                0,
                new AugmentationSettings.Mixing(0, 0),
                new AugmentationSettings.Noise(0, 0, 4)),
            update,
            rate),
        defaults.train());
  }

  @Test
  void everyKeyReachesTheSettingOfItsName() throws ReflectiveOperationException {
    List<String> before = leaves("", defaults);
    List<String> assignments = OTHER_VALUES.lines().toList();
    for (String assignment : assignments) {
      List<String> changed = new ArrayList<>(leaves("", load(assignment)));
      changed.removeAll(before);
      assertEquals(1, changed.size(), assignment + " changed " + changed);
      // Java keeps the name notify for itself.
      assertEquals(
          camel(key(assignment)).replace("cluster.notify", "cluster.notice"), key(changed.get(0)));
    }
    assertEquals(
        Keys.all().stream().map(Key::name).toList(),
        assignments.stream().map(DefaultsTest::key).toList());
  }

  @Test
  void environmentNamesAreDistinct() {
    long distinct = Keys.all().stream().map(Key::environmentName).distinct().count();
    assertEquals(Keys.all().size(), distinct);
  }

  @Test
  void describesKeysForHelp() {
    KeyDescription batch =
        Configuration.describeKeys().stream()
            .filter(description -> description.key().equals("train.batch"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        new KeyDescription(
            "train.batch",
            "BELAY_TRAIN_BATCH",
            "128",
            "1..4096",
            "Images in a step. 1..4096.",
            true),
        batch);
  }

  @Test
  void theFileNamesTheKeysThatNoRunRemembers() {
    String head = TextFile.inJar("conf/belay.properties").read().split("\n\n")[0];
    String list = head.substring(head.indexOf("choose them for others:"), head.indexOf("User,"));
    List<String> named =
        Pattern.compile("[a-z]+\\.[a-z-]+").matcher(list).results().map(m -> m.group()).toList();
    List<String> outside =
        Keys.all().stream().filter(key -> !key.isOfRun()).map(Key::name).toList();
    assertEquals(outside, named);
  }

  @Test
  void experimentsInTheJarLoad() {
    for (String name : List.of("quick", "report", "classifier")) {
      Configuration.load(ConfigurationSources.of(Map.of()).withFiles(List.of(name)));
    }
  }

  /** stage.name=value of every record component that is no record itself. */
  private static List<String> leaves(String stage, Object value)
      throws ReflectiveOperationException {
    List<String> all = new ArrayList<>();
    for (var component : value.getClass().getRecordComponents()) {
      Object part = component.getAccessor().invoke(value);
      if (part instanceof Record) {
        all.addAll(leaves(stage.isEmpty() ? component.getName() + "." : stage, part));
      } else {
        all.add(stage + component.getName() + "=" + part);
      }
    }
    return all;
  }

  private static String key(String assignment) {
    return assignment.substring(0, assignment.indexOf('='));
  }

  /** train.weightDecay for train.weight-decay. */
  private static String camel(String kebab) {
    return Pattern.compile("-(.)")
        .matcher(kebab)
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  private static Settings load(String assignment) {
    return Configuration.load(ConfigurationSources.of(Map.of()).withSet(List.of(assignment)))
        .settings();
  }

  private static List<PropertyFile.Line> lines() {
    Problems problems = new Problems();
    List<PropertyFile.Line> lines = Layers.defaults(problems);
    problems.throwIfAny();
    return lines;
  }
}
