package belay.backend.onednn;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.StopFlag;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.Update;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Scope;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Trains on shards of a minibatch; sums over shards are taken in their order. */
final class OnednnTrainPlan implements TrainPlan {
  private final Scope scope;
  private final Crew crew;
  private final StopFlag stop;
  private final ImageSet train;
  private final ImageSet test;
  private final Update update;
  private final float[] gradient; // [parameters]
  private final Chain chain;
  private final Lane[] lanes; // [workers]
  private final Primitive.Call[] add; // [workers]: sum += the lane's gradient
  private final Buffer sum; // gradients of all parameters in the primitives' layouts
  private boolean finite; // all weights are numbers
  private double lossSum;
  private long lossImages;

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
    this.train = train;
    this.test = test;
    this.update = new Update(spec, start);
    this.gradient = new float[network.parameterCount()];
    this.lossSum = start.lossSum();
    this.lossImages = start.lossImages();
    this.chain = recipe.chain(scope, network.program(), Mark.LATENT, spec.batch(), true);
    this.sum = scope.allocate(chain.gradientBytes());
    chain.readGradientFrom(sum);
    this.lanes = new Lane[crew.workers()];
    this.add = new Primitive.Call[crew.workers()];
    Primitive addition = chain.make().pointwise().add(sum.bytes() / Float.BYTES);
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = chain.lane();
      add[i] =
          chain
              .make()
              .bound(
                  addition,
                  Map.of(
                      Dnnl.SOURCE, sum,
                      Dnnl.SOURCE_1, lanes[i].gradient(),
                      Dnnl.DESTINATION, sum));
    }
  }

  /** Takes the weights into native memory; not on a thread of the crew. */
  OnednnTrainPlan loaded() {
    finite = chain.load(crew, update.weights());
    return this;
  }

  @Override
  public void step(int[] rows, StepScalars scalars) {
    sum.clear();
    double[] errorSum = new double[1];
    shards(rows)
        .run(
            (worker, from, to) -> {
              Lane lane = lanes[worker];
              lane.forward(train, rows, from, to);
              double error = lane.errorSum();
              lane.backward(rows.length);
              return () -> {
                add[worker].run();
                errorSum[0] += error;
              };
            });
    // Nothing of the state has changed so far: here is the last place to give the step up.
    chain.storeGradient(crew, gradient);
    lossSum += orNaN(errorSum[0]);
    lossImages += rows.length;
    update.apply(gradient, scalars);
    finite = chain.load(crew, update.weights());
  }

  @Override
  public double meanLoss() {
    return lossImages == 0 ? 0 : lossSum / lossImages;
  }

  @Override
  public void resetLoss() {
    lossSum = 0;
    lossImages = 0;
  }

  @Override
  public Evaluation evaluate(int[] rows) {
    Evaluation[] total = {Evaluation.none()};
    shards(rows)
        .run(
            (worker, from, to) -> {
              Lane lane = lanes[worker];
              lane.forward(test, rows, from, to);
              BitSet live = new BitSet();
              lane.live(live);
              Evaluation part = new Evaluation(lane.errorSum(), to - from, live);
              return () -> total[0] = total[0].plus(part);
            });
    return new Evaluation(orNaN(total[0].errorSum()), rows.length, total[0].live());
  }

  /** One lane alone, so that a number is that of a thread which has the memory to itself. */
  @Override
  public List<OperationTime> profile(int[] rows) {
    int shards = (rows.length + chain.batch() - 1) / chain.batch();
    return crew.call(() -> lanes[0].profile((double) shards / Math.min(shards, lanes.length)));
  }

  private Shards shards(int[] rows) {
    return new Shards(crew, chain.batch(), rows.length, stop);
  }

  /** oneDNN's ReLU turns NaN into 0, which would hide that the weights are lost. */
  private double orNaN(double error) {
    return finite ? error : Double.NaN;
  }

  @Override
  public TrainState snapshot() {
    return update.snapshot(lossSum, lossImages);
  }

  /** The implementations that oneDNN chose, a line for each stage. */
  List<String> describe() {
    return chain.describe();
  }

  @Override
  public void close() {
    scope.close();
  }
}
