package belay.backend.onednn;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.StopFlag;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Scope;
import belay.backend.onednn.stage.GradientLayout;
import belay.backend.update.Update;
import belay.data.ImageSet;
import belay.data.augment.AugmentedImages;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Program;
import belay.net.Statistic;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** Trains on the shards of a minibatch. */
final class OnednnTrainPlan implements TrainPlan {
  private final Scope scope;
  private final Crew crew;
  private final StopFlag stop;
  private final TrainSpec spec;
  private final AugmentedImages train;
  private final ImageSet test;
  private final boolean averages;
  private final Update update;
  private final RunningStatistics statistics;
  private final float[] gradient; // [parameters]
  private boolean holdsAverage; // native memory has the average in place of the weights
  private final boolean wholeShards;
  private final Graphs graphs;
  private final GradientPool pool;
  private Tally tally;

  /**
   * @param scope owned from now on
   */
  OnednnTrainPlan(
      Scope scope,
      Crew crew,
      StopFlag stop,
      Recipe recipe,
      Network network,
      TrainSpec spec,
      ImageSet train,
      ImageSet test,
      TrainState start) {
    this.scope = scope;
    this.crew = crew;
    this.stop = stop;
    this.spec = spec;
    this.train = new AugmentedImages(train, spec.augmentation(), spec.seed());
    this.test = test;
    this.averages = spec.average().isKept();
    this.update = new Update(network, spec, start);
    Program program = network.program();
    this.gradient = new float[program.parameterCount()];
    this.wholeShards = normalizesBatches(program);
    this.tally = start.tally();
    List<Slice> slices = slices(spec.batch());
    int images = slices.get(0).size();
    Graph usual = recipe.graph(scope, program, Mark.LATENT, images, GradientLayout::new);
    usual.prepare(Math.min(crew.workers(), slices.size()));
    this.statistics = new RunningStatistics(program, usual.norms());
    this.pool = new GradientPool(usual.make(), usual.gradients().bytes());
    this.graphs =
        new Graphs(
            crew, usual, n -> recipe.graph(scope, program, Mark.LATENT, n, usual::gradients));
  }

  private static boolean normalizesBatches(Program program) {
    return program.statistics().stream().anyMatch(s -> s.kind() == Statistic.Kind.VARIANCE);
  }

  /** Takes the weights into native memory; not on a thread of the crew. */
  OnednnTrainPlan loaded() {
    graphs.makeReady(slices(spec.batch()), update.weights());
    return this;
  }

  private void hold(boolean average) {
    if (average != holdsAverage) {
      graphs.forget();
      holdsAverage = average;
    }
  }

  @Override
  public void step(int[] rows, StepScalars scalars) {
    hold(false);
    List<Slice> slices = slices(rows.length);
    graphs.makeReady(slices, update.weights());
    try {
      SliceSum<Findings> sum = new SliceSum<>((left, right) -> left.plus(right, pool));
      new Shards(crew, stop, slices)
          .run((slice, collect) -> train(rows, slice, scalars.epoch(), collect, sum));
      // Nothing of the state has changed so far: here is the last place to give the step up.
      apply(crew.call(sum::total).orElseThrow(), rows.length, scalars);
    } finally {
      pool.reclaim();
    }
  }

  private void train(
      int[] rows, Slice slice, int epoch, Consumer<Runnable> collect, SliceSum<Findings> sum) {
    Graph graph = graphs.of(slice.size());
    Lane lane = graph.take();
    try {
      lane.forwardInTraining(train, rows, slice, update.step(), epoch);
      Tally part = lane.tally();
      lane.backward(rows.length);
      float[] seen = lane.statistics();
      collect.accept(() -> sum.add(slice, new Findings(pool.takeFrom(lane), seen, part)));
    } finally {
      graph.give(lane);
    }
  }

  private void apply(Findings total, int images, StepScalars scalars) {
    graphs.usual().storeGradient(crew, total.gradient(), gradient);
    tally = tally.plus(orNaN(total.tally()));
    update.apply(gradient, scalars);
    statistics.update(update.weights(), total.statistics(), images);
    graphs.forget();
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
    hold(averages);
    List<Slice> slices = slices(rows.length);
    graphs.makeReady(slices, update.inferenceWeights());
    SliceSum<Evaluation> sum = new SliceSum<>(Evaluation::plus);
    new Shards(crew, stop, slices).run((slice, collect) -> evaluate(rows, slice, collect, sum));
    Evaluation total = sum.total().orElseThrow();
    return new Evaluation(orNaN(total.tally()), total.live());
  }

  private void evaluate(
      int[] rows, Slice slice, Consumer<Runnable> collect, SliceSum<Evaluation> sum) {
    Graph graph = graphs.of(slice.size());
    Lane lane = graph.take();
    try {
      lane.forward(test, rows, slice);
      BitSet live = new BitSet();
      lane.live(live);
      Evaluation part = new Evaluation(lane.tally(), live);
      collect.accept(() -> sum.add(slice, part));
    } finally {
      graph.give(lane);
    }
  }

  /** Batch normalization looks across all images of a shard, which is then one slice. */
  private List<Slice> slices(int images) {
    return Slice.of(images, spec.shardSize(images), wholeShards ? shard -> shard : Recipe::slice);
  }

  /** One lane alone, so that a number is that of a thread which has the memory to itself. */
  @Override
  public List<OperationTime> profile(int[] rows) {
    Graph graph = graphs.usual();
    int slices = slices(rows.length).size();
    double share = (double) slices / Math.min(slices, crew.workers());
    Lane lane = graph.take();
    try {
      return crew.call(() -> lane.profile(share));
    } finally {
      graph.give(lane);
    }
  }

  /** oneDNN's ReLU turns NaN into 0, which would hide that the weights are lost. */
  private Tally orNaN(Tally sums) {
    return graphs.isFinite() ? sums : new Tally(Double.NaN, sums.images(), sums.right());
  }

  @Override
  public TrainState snapshot() {
    return update.snapshot(tally);
  }

  @Override
  public void load(TrainState state) {
    update.load(state);
    tally = state.tally();
    graphs.forget();
  }

  /** The implementations that oneDNN chose, a line for each stage. */
  List<String> describe() {
    return graphs.usual().describe();
  }

  @Override
  public void close() {
    scope.close();
  }
}
