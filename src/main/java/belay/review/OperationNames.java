package belay.review;

import belay.net.Curve;
import belay.net.Operation;
import belay.net.Window;

/** What operations are called for people: "conv 3×3", and "conv 3×3 /2" where it strides by 2. */
public final class OperationNames implements Operation.Cases<String> {
  @Override
  public String conv(Operation.Conv conv) {
    return "conv " + conv.kernel() + "×" + conv.kernel() + stride(conv.window(), 1);
  }

  @Override
  public String linear(Operation.Linear linear) {
    return "linear";
  }

  @Override
  public String batchNorm(Operation.BatchNorm norm) {
    return "batch norm";
  }

  @Override
  public String normalize(Operation.Normalize normalize) {
    return "normalize";
  }

  @Override
  public String relu(Operation.Relu relu) {
    return "ReLU";
  }

  @Override
  public String activation(Operation.Activation activation) {
    return activation.curve().accept(new CurveNames());
  }

  @Override
  public String add(Operation.Add add) {
    return "add";
  }

  @Override
  public String maxPool(Operation.MaxPool pool) {
    return "max-pool " + pooling(pool.window());
  }

  @Override
  public String averagePool(Operation.AveragePool pool) {
    return "average-pool " + pooling(pool.window());
  }

  @Override
  public String globalAveragePool(Operation.GlobalAveragePool pool) {
    return "global average-pool";
  }

  @Override
  public String upsample(Operation.Upsample upsample) {
    return "upsample " + upsample.factor();
  }

  @Override
  public String dropout(Operation.Dropout dropout) {
    return "dropout " + dropout.rate();
  }

  private static String pooling(Window window) {
    return window.kernel() + stride(window, window.kernel());
  }

  private static String stride(Window window, int usual) {
    return window.stride() == usual ? "" : " /" + window.stride();
  }

  private static final class CurveNames implements Curve.Cases<String> {
    @Override
    public String gelu(Curve.Gelu gelu) {
      return "GELU";
    }

    @Override
    public String silu(Curve.Silu silu) {
      return "SiLU";
    }

    @Override
    public String leakyRelu(Curve.LeakyRelu leaky) {
      return "leaky ReLU " + leaky.slope();
    }
  }
}
