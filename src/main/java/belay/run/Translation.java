package belay.run;

import belay.backend.LastEpochs;
import belay.backend.ParameterGroups;
import belay.backend.Precision;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.conf.settings.AugmentationSettings;
import belay.conf.settings.GroupSettings;
import belay.conf.settings.MuonSettings;
import belay.conf.settings.RateSettings;
import belay.conf.settings.Settings;
import belay.conf.settings.SvmSettings;
import belay.conf.settings.TrainSettings;
import belay.conf.settings.UpdateSettings;
import belay.data.augment.Augmentation;
import belay.svm.ClassWeights;
import belay.svm.Grid;
import belay.svm.SvmSpec;
import belay.train.Goal;
import belay.train.Progress;
import belay.train.Schedule;
import belay.train.TrainerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** From the configuration's records to those of the packages that do the work. */
public final class Translation {
  private Translation() {}

  /** Of a training by itself; one that averages its last epochs must know where they are. */
  public static TrainSpec trainSpec(TrainSettings train) {
    return trainSpec(train, new TrainSpec.Average((float) train.update().average()));
  }

  /**
   * @param images of an epoch
   * @param step taken so far
   * @param progress where they have led
   */
  static TrainSpec trainSpec(TrainSettings train, int images, long step, Progress progress) {
    UpdateSettings update = train.update();
    long perEpoch = train.stepsPerEpoch(images);
    long usual = progress.epoch() * perEpoch + train.stepsPerEpoch(progress.position());
    return trainSpec(
        train,
        new TrainSpec.Average(
            (float) update.average(),
            new LastEpochs(update.swaEpochs(), train.epochs(), perEpoch, step - usual)));
  }

  private static TrainSpec trainSpec(TrainSettings train, TrainSpec.Average average) {
    UpdateSettings update = train.update();
    return new TrainSpec(
        train.batch(),
        train.shards().orElseGet(() -> TrainSpec.usualShards(train.batch())),
        (float) train.labelSmoothing(),
        augmentation(train.augmentation()),
        train.seed(),
        rule(update),
        new TrainSpec.Clipping((float) update.clipValue(), (float) update.clipNorm()),
        average,
        Precision.valueOf(train.precision().name()),
        groups(train));
  }

  /** A rate of one's own is a share of that of others, with which it rises and falls. */
  static ParameterGroups groups(TrainSettings train) {
    GroupSettings groups = train.update().groups();
    double peak = train.rate().learningRate();
    return new ParameterGroups(
        groups.learningRates().stream().map(each -> valued(each, each.value() / peak)).toList(),
        groups.weightDecays().stream().map(each -> valued(each, each.value())).toList(),
        groups.freeze().stream()
            .map(
                each ->
                    new ParameterGroups.Frozen(
                        new ParameterGroups.Pattern(each.pattern()),
                        each.first(),
                        each.last().orElse(Integer.MAX_VALUE)))
            .toList());
  }

  private static ParameterGroups.Valued valued(GroupSettings.Valued of, double value) {
    return new ParameterGroups.Valued(new ParameterGroups.Pattern(of.pattern()), (float) value);
  }

  static Augmentation augmentation(AugmentationSettings views) {
    return new Augmentation(
        Augmentation.Mirror.valueOf(views.mirror().name()),
        views.crop(),
        Augmentation.Border.valueOf(views.cropBorder().name()),
        views.scaleFrom(),
        new Augmentation.RandAugment(views.randAugment(), views.randAugmentMagnitude()),
        jitter(views.jitter()),
        views.cutout(),
        new Augmentation.Mixing(views.mixing().mixup(), views.mixing().cutmix()),
        new Augmentation.Noise(
            views.noise().noise(), views.noise().mask(), views.noise().maskPatch()));
  }

  private static Augmentation.Jitter jitter(AugmentationSettings.Jitter jitter) {
    return new Augmentation.Jitter(
        jitter.brightness(), jitter.contrast(), jitter.saturation(), jitter.hue());
  }

  /** The rule that a saved configuration names, with these numbers; empty if it names none. */
  static Optional<UpdateRule> rule(String optimizer, UpdateSettings update) {
    return Arrays.stream(UpdateSettings.Optimizer.values())
        .filter(known -> known.name().equalsIgnoreCase(optimizer))
        .findFirst()
        .map(known -> rule(known, update));
  }

  static UpdateRule rule(UpdateSettings update) {
    return rule(update.optimizer(), update);
  }

  private static UpdateRule rule(UpdateSettings.Optimizer optimizer, UpdateSettings update) {
    float momentum = (float) update.momentum();
    UpdateRule.Decay decay = decay(update.decay());
    return switch (optimizer) {
      case SGD -> new UpdateRule.Sgd(momentum, update.nesterov(), decay);
      case ADAM -> adam(update, decay, false);
      case ADAMW -> adam(update, decay, true);
      case ADAGRAD -> new UpdateRule.Adagrad((float) update.epsilon(), decay);
      case RMSPROP ->
          new UpdateRule.RmsProp((float) update.alpha(), (float) update.epsilon(), momentum, decay);
      case LARS -> new UpdateRule.Lars((float) update.trustCoefficient(), momentum, decay);
      case MUON -> new UpdateRule.Muon(momentum, form(update.muon()), others(update), decay);
    };
  }

  private static UpdateRule.Muon.Form form(MuonSettings muon) {
    boolean linears = muon.muonOf() == MuonSettings.Of.KERNELS;
    return new UpdateRule.Muon.Form(linears, muon.muonSteps(), muon.muonNormalize());
  }

  private static UpdateRule others(UpdateSettings update) {
    return switch (update.muon().muonOthers()) {
      case ADAMW -> adam(update, UpdateRule.Decay.NONE, true);
      case SGD ->
          new UpdateRule.Sgd(
              (float) update.muon().muonOthersMomentum(), true, UpdateRule.Decay.NONE);
    };
  }

  private static UpdateRule adam(UpdateSettings update, UpdateRule.Decay decay, boolean decoupled) {
    return new UpdateRule.Adam(
        (float) update.beta1(), (float) update.beta2(), (float) update.epsilon(), decay, decoupled);
  }

  private static UpdateRule.Decay decay(UpdateSettings.Decay decay) {
    return new UpdateRule.Decay(
        (float) decay.weightDecay(),
        (float) decay.l1(),
        UpdateRule.Reach.valueOf(decay.weightDecayOf().name()));
  }

  /**
   * @param images of an epoch
   */
  static TrainerSettings trainerSettings(Settings settings, int images) {
    TrainSettings train = settings.train();
    return new TrainerSettings(
        train.seed(),
        goal(train),
        train.batch(),
        settings.checkpoint().intervalSeconds(),
        schedule(train, images));
  }

  static Goal goal(TrainSettings train) {
    return new Goal(
        train.epochs(), train.patienceEpochs(), train.targetLoss(), train.stopAtTarget());
  }

  private static Schedule schedule(TrainSettings train, int images) {
    RateSettings rate = train.rate();
    return new Schedule(
        rate.peak(train.batch()),
        rate.warmupSteps(train.stepsPerEpoch(images)),
        Schedule.Curve.valueOf(rate.schedule().name()),
        rate.scheduleFinal(),
        rate.scheduleStepEpochs(),
        rate.scheduleFactor(),
        rate.scheduleGrowth());
  }

  /**
   * @param threads of the CPU
   */
  public static SvmSpec svmSpec(Settings settings, int threads) {
    SvmSettings svm = settings.svm();
    return new SvmSpec(
        SvmSpec.Kernel.valueOf(svm.kernel().name()),
        grid(svm, settings.train().seed()),
        svm.classWeights()
            .<ClassWeights>map(
                given ->
                    given.isEmpty() ? new ClassWeights.Equal() : new ClassWeights.ByLabel(given))
            .orElseGet(ClassWeights.Balanced::new),
        svm.tolerance(),
        Precision.valueOf(svm.precision().name()),
        svm.scale(),
        new SvmSpec.Limits((long) svm.memoryMib().orElse(0) << 20, threads));
  }

  private static Grid grid(SvmSettings svm, long seed) {
    boolean isLinear = svm.kernel() == SvmSettings.Kernel.LINEAR;
    List<OptionalDouble> gamma = isLinear ? List.of(OptionalDouble.empty()) : svm.gamma();
    boolean isChoice = svm.c().size() * gamma.size() > 1;
    return new Grid(svm.c(), gamma, svm.folds().orElse(isChoice ? Grid.USUAL_FOLDS : 0), seed);
  }
}
