package belay.backend.onednn;

import belay.backend.TrainPlan;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Port;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.backend.onednn.dnnl.Tape;
import belay.data.ImageSet;
import belay.net.Program;
import belay.net.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The memory of one shard and the calls that work on it. A shard with fewer images is filled up
 * with black ones, whose gradient of the loss is zero.
 */
final class Lane {
  private final Tape tape;
  private final Buffer gradient; // of all parameters
  private final Port images;
  private final Port features;
  private final Port outputs;
  private final Port outputGradients;
  private final Loss loss;
  private final int featureCount;
  private int count; // images in the shard at hand

  /** Allocates memory and binds every call to it. */
  Lane(Chain chain) {
    Scope scope = chain.scope();
    Primitives make = chain.make();
    Program program = chain.program();
    boolean training = make.training();
    List<Stage> stages = chain.stages();
    Buffer[] values = values(chain);
    // The gradients of a stage's input and output alternate between two buffers.
    Buffer[] gradients = new Buffer[2];
    if (training) {
      long largest = Arrays.stream(values).mapToLong(Buffer::bytes).max().orElseThrow();
      gradients[0] = scope.allocate(largest);
      gradients[1] = scope.allocate(largest);
    }
    gradient = training ? scope.allocate(chain.gradientBytes()) : null;
    tape = new Tape(scope, chain.engine(), scope.allocate(make.scratchBytes()), gradient);
    bind(chain, values, gradients);

    images = Port.into(scope, make, program.shape(0), chain.layout(0), values[0]);
    int at = chain.indexOf(chain.features());
    Shape featureShape = program.shape(chain.features());
    features = Port.outOf(scope, make, featureShape, chain.layout(at), values[at]);
    featureCount = featureShape.size();
    if (training) {
      int last = stages.size();
      Shape shape = chain.outputShape();
      outputs = Port.outOf(scope, make, shape, chain.layout(last), values[last]);
      outputGradients = Port.into(scope, make, shape, chain.layout(last), gradients[last % 2]);
      loss = chain.loss();
    } else {
      outputs = outputGradients = null;
      loss = null;
    }
  }

  private static Buffer[] values(Chain chain) {
    Buffer[] values = new Buffer[chain.stages().size() + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = chain.scope().allocate(chain.layout(i).bytes());
    }
    return values;
  }

  private void bind(Chain chain, Buffer[] values, Buffer[] gradients) {
    for (int i = 0; i < chain.stages().size(); i++) {
      tape.layer(chain.layer(i));
      Buffer dx = chain.trainedBefore(i) ? gradients[i % 2] : null;
      chain
          .stages()
          .get(i)
          .bind(tape, new Stage.Site(values[i], values[i + 1], dx, gradients[(i + 1) % 2]));
    }
  }

  /** Gradients of all parameters after {@link #backward}, in the primitives' layouts. */
  Buffer gradient() {
    return gradient;
  }

  /** Runs the forward pass on images rows[from] to rows[to - 1]. */
  void forward(ImageSet set, int[] rows, int from, int to) {
    count = to - from;
    Arrays.fill(images.values(), 0);
    set.normalized(rows, from, to, images.values());
    images.send();
    tape.runForward();
  }

  /** Sum over the images of their mean squared error. */
  double errorSum() {
    return loss.errorSum(images.values(), outputs.receive(), count);
  }

  /**
   * Runs the backward pass; {@link #errorSum} must have been asked for before.
   *
   * @param batch images in the whole minibatch
   */
  void backward(int batch) {
    Arrays.fill(outputGradients.values(), 0);
    loss.gradient(images.values(), outputs.values(), count, batch, outputGradients.values());
    outputGradients.send();
    tape.runBackward();
  }

  /** Times each call of both passes, on whatever the memory holds. */
  List<TrainPlan.OperationTime> profile(double share) {
    return tape.profile(share);
  }

  /**
   * @param target receives the features of the shard from position {@code to} on
   */
  void features(float[] target, int to) {
    System.arraycopy(features.receive(), 0, target, to, count * featureCount);
  }

  /** Adds the features that are not zero for some image of the shard. */
  void live(BitSet live) {
    float[] values = features.receive();
    for (int i = 0; i < count * featureCount; i++) {
      if (values[i] != 0) {
        live.set(i % featureCount);
      }
    }
  }
}
