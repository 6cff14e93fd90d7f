package belay.backend.reference;

import belay.backend.Evaluation;
import belay.backend.ShardTree;
import belay.backend.StepScalars;
import belay.backend.StopFlag;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.loss.Loss;
import belay.backend.loss.Targets;
import belay.backend.update.Update;
import belay.data.ImageSet;
import belay.data.augment.AugmentedImages;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.BitSet;

/** Trains on one thread, one shard after another. */
final class ReferenceTrainPlan implements TrainPlan {
  private final Interpreter interpreter;
  private final Network network;
  private final TrainSpec spec;
  private final AugmentedImages train;
  private final ImageSet test;
  private final Update update;
  private final Loss loss;
  private Tally tally;

  ReferenceTrainPlan(
      StopFlag stop,
      Network network,
      TrainSpec spec,
      ImageSet train,
      ImageSet test,
      TrainState start) {
    this.interpreter =
        new Interpreter(
            stop,
            network.program(),
            network.program().operations(),
            spec.shardSize(spec.batch()),
            spec.seed());
    this.network = network;
    this.spec = spec;
    this.train = new AugmentedImages(train, spec.augmentation(), spec.seed());
    this.test = test;
    this.update = new Update(network, spec, start);
    this.loss = Loss.of(spec.objective(network.program()), network.program());
    this.tally = start.tally();
  }

  /** Sums something over images [from, to) of a minibatch. */
  private interface Shard<P> {
    P sum(int from, int to);
  }

  private <P> P overShards(int images, ShardTree<P> tree, Shard<P> shard) {
    int size = spec.shardSize(images);
    for (int from = 0; from < images; from += size) {
      tree.add(shard.sum(from, Math.min(images, from + size)));
    }
    return tree.total().orElseThrow();
  }

  @Override
  public void step(int[] rows, StepScalars scalars) {
    ShardSums sums =
        overShards(
            rows.length,
            new ShardTree<>(ShardSums::plus),
            (from, to) -> train(rows, from, to, scalars.epoch()));
    tally = tally.plus(sums.tally());
    update.apply(sums.gradient(), scalars);
    interpreter.follow(sums.statistics(), rows.length, update.weights());
  }

  private ShardSums train(int[] rows, int from, int to, int epoch) {
    float[] clean = train.inputs(rows, from, to, epoch, interpreter.input());
    Targets targets = new Targets(clean, train.labels(rows, from, to, epoch));
    Pass.Moment moment = new Pass.Moment(update.step(), from);
    Pass pass = interpreter.train(update.weights(), to - from, moment);
    float[] gradient = new float[network.parameterCount()];
    interpreter.backward(pass, targets, loss, rows.length, gradient);
    return new ShardSums(gradient, interpreter.tally(targets, loss), interpreter.statistics(pass));
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void resetTally() {
    tally = Tally.NONE;
  }

  @Override
  public Evaluation evaluate(int[] rows) {
    return overShards(
        rows.length, new ShardTree<>(Evaluation::plus), (from, to) -> evaluate(rows, from, to));
  }

  private Evaluation evaluate(int[] rows, int from, int to) {
    test.normalized(rows, from, to, interpreter.input());
    Targets targets = Targets.of(test, rows, from, to, interpreter.input());
    Pass pass = interpreter.infer(update.inferenceWeights(), to - from);
    float[] latent = interpreter.value(Mark.LATENT);
    int features = network.latent().size();
    BitSet live = new BitSet();
    for (int i = 0; i < pass.images() * features; i++) {
      if (latent[i] != 0) {
        live.set(i % features);
      }
    }
    return new Evaluation(interpreter.tally(targets, loss), live);
  }

  @Override
  public TrainState snapshot() {
    return update.snapshot(tally);
  }

  @Override
  public void load(TrainState state) {
    update.load(state);
    tally = state.tally();
  }

  @Override
  public void close() {}
}
