package belay.backend.cuda.stage;

import belay.backend.cuda.frame.Frame;
import belay.net.Operation;

/** Whether an operation on the images can read their bytes, and needs no value made of them. */
record ImageReader(Frame frame) implements Operation.Cases<Boolean> {
  @Override
  public Boolean conv(Operation.Conv conv) {
    return PlainConvStage.readsImages(frame, conv);
  }

  @Override
  public Boolean relu(Operation.Relu relu) {
    return false;
  }

  @Override
  public Boolean maxPool(Operation.MaxPool pool) {
    return false;
  }

  @Override
  public Boolean upsample(Operation.Upsample upsample) {
    return false;
  }

  @Override
  public Boolean add(Operation.Add add) {
    return false;
  }

  @Override
  public Boolean linear(Operation.Linear linear) {
    return false;
  }

  @Override
  public Boolean activation(Operation.Activation activation) {
    return false;
  }

  @Override
  public Boolean batchNorm(Operation.BatchNorm norm) {
    return false;
  }

  @Override
  public Boolean averagePool(Operation.AveragePool pool) {
    return false;
  }

  @Override
  public Boolean globalAveragePool(Operation.GlobalAveragePool pool) {
    return false;
  }

  @Override
  public Boolean dropout(Operation.Dropout dropout) {
    return false;
  }
}
