package belay.backend.onednn;

import belay.backend.TrainPlan;
import belay.backend.loss.Loss;
import belay.backend.loss.Targets;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Port;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.backend.onednn.stage.HostWork;
import belay.backend.onednn.stage.Stage;
import belay.data.ImageSet;
import belay.data.augment.AugmentedImages;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Tally;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The memory of one slice and the calls that work on it. A slice to encode may have fewer images:
 * black ones fill it up.
 */
final class Lane {
  private final Tape tape;
  private final HostWork host = new HostWork();
  private final Port images;
  private final Port features;
  private final Port outputs; // null without training, as what follows
  private final Port outputGradients;
  private final Loss loss;
  private final int featureCount;
  private final int statisticCount;
  private final Runnable check;
  private Targets targets; // of the slice at hand

  /**
   * Allocates memory and binds every call to it.
   *
   * @param check before each call; may end a pass by an exception
   */
  Lane(Graph graph, Runnable check) {
    this.check = check;
    Primitives make = graph.make();
    Program program = graph.program();
    MemoryPlan plan = graph.memory();
    List<Buffer> memory = plan.allocate();
    tape = make.tape(make.training() ? graph.gradients().bytes() : 0);
    for (int stage = 0; stage < graph.stages().size(); stage++) {
      bind(graph, stage, memory);
    }
    Shape featureShape = program.shape(graph.features());
    featureCount = featureShape.size();
    statisticCount = program.weightCount() - program.parameterCount();
    Buffer featureValue = memory.get(plan.value(graph.features()));
    images = Port.into(make, program.shape(0), graph.layout(0), memory.get(plan.value(0)));
    features = Port.outOf(make, featureShape, graph.layout(graph.features()), featureValue);
    if (make.training()) {
      int last = program.output();
      Shape shape = graph.outputShape();
      Buffer gradient = memory.get(plan.outputGradient());
      outputs = Port.outOf(make, shape, graph.layout(last), memory.get(plan.value(last)));
      outputGradients = Port.into(make, shape, graph.layout(last), gradient);
      loss = graph.loss();
    } else {
      outputs = outputGradients = null;
      loss = null;
    }
  }

  private void bind(Graph graph, int stage, List<Buffer> memory) {
    MemoryPlan plan = graph.memory();
    MemoryPlan.Flow flow = plan.flow(stage);
    List<Buffer> inputs =
        graph.inputs(stage).stream().map(value -> memory.get(plan.value(value))).toList();
    Buffer[] gradients = new Buffer[inputs.size()];
    Arrays.setAll(gradients, i -> slot(memory, flow.targets().get(i).slot()));
    Buffer y = memory.get(plan.value(graph.output(stage)));
    tape.begin(graph.layer(stage));
    graph
        .stages()
        .get(stage)
        .bind(
            tape,
            new Stage.Site(inputs, y, Arrays.asList(gradients), slot(memory, flow.dy()), host));
    for (int i = 0; i < gradients.length; i++) {
      addGradient(graph, graph.inputs(stage).get(i), flow.targets().get(i), memory);
    }
  }

  private static Buffer slot(List<Buffer> memory, int slot) {
    return slot == MemoryPlan.NONE ? null : memory.get(slot);
  }

  /** For a value whose gradient a later reader has begun. */
  private void addGradient(Graph graph, int value, MemoryPlan.Target target, List<Buffer> memory) {
    if (target.sum() != MemoryPlan.NONE) {
      Buffer sum = memory.get(target.sum());
      tape.backward(
          graph.make().pointwise().add(graph.layout(value)),
          Map.of(
              Dnnl.SOURCE, sum,
              Dnnl.SOURCE_1, memory.get(target.slot()),
              Dnnl.DESTINATION, sum));
    }
  }

  /**
   * Runs the forward pass of training.
   *
   * @param step optimiser steps taken before this one
   * @param epoch that it belongs to
   */
  void forwardInTraining(AugmentedImages views, int[] rows, Slice slice, long step, int epoch) {
    Arrays.fill(images.values(), 0);
    float[] clean = views.inputs(rows, slice.from(), slice.to(), epoch, images.values());
    targets = new Targets(clean, views.labels(rows, slice.from(), slice.to(), epoch));
    images.send();
    host.draw(step, slice.from());
    tape.runTraining(check);
  }

  /** Runs the forward pass with running statistics and without dropout. */
  void forward(ImageSet set, int[] rows, Slice slice) {
    Arrays.fill(images.values(), 0);
    set.normalized(rows, slice.from(), slice.to(), images.values());
    targets = Targets.of(set, rows, slice.from(), slice.to(), images.values());
    images.send();
    tape.runEvaluation(check);
  }

  /** Sums over the images of the slice. */
  Tally tally() {
    return loss.tally(targets, outputs.receive());
  }

  /**
   * Runs the backward pass; {@link #tally} must have been asked for before.
   *
   * @param batch images in the whole minibatch
   */
  void backward(int batch) {
    Arrays.fill(outputGradients.values(), 0);
    loss.gradient(targets, outputs.values(), batch, outputGradients.values());
    outputGradients.send();
    tape.runBackward(check);
  }

  /** The slice's means and variances, times its images. */
  float[] statistics() {
    float[] statistics = new float[statisticCount];
    host.observe(statistics);
    return statistics;
  }

  /** Lets the next {@link #backward} write elsewhere and gives what the last one has written. */
  Buffer exchangeGradient(Buffer next) {
    return tape.exchangeGradient(next);
  }

  /** Times each call of both passes, on whatever the memory holds. */
  List<TrainPlan.OperationTime> profile(double share) {
    return tape.profile(share);
  }

  /**
   * @param target receives the features of the slice from position {@code to} on
   */
  void features(float[] target, int to) {
    System.arraycopy(features.receive(), 0, target, to, targets.count() * featureCount);
  }

  /** Adds the features that are not zero for some image of the slice. */
  void live(BitSet live) {
    float[] values = features.receive();
    for (int i = 0; i < targets.count() * featureCount; i++) {
      if (values[i] != 0) {
        live.set(i % featureCount);
      }
    }
  }
}
