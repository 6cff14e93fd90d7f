package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.frame.Frame;
import belay.backend.fusion.Piece;
import belay.net.Operation;

/** Makes a stage of a piece. */
record Lowering(Frame frame) implements Piece.Cases<Stage> {
  @Override
  public Stage convolution(Piece.Convolution piece) {
    return piece.upsample().isPresent() ? upsampled(piece) : plain(piece);
  }

  private Stage plain(Piece.Convolution piece) {
    Operation.Conv conv = piece.conv();
    return piece.pool().isPresent() && ImageConvStage.takes(frame, conv)
        ? new ImageConvStage(frame, conv, piece.output())
        : new PlainConvStage(frame, conv, piece.output(), epilogue(piece));
  }

  private Stage upsampled(Piece.Convolution piece) {
    Operation.Conv conv = piece.conv();
    return ProjectedConvStage.takes(frame, conv)
        ? new ProjectedConvStage(frame, conv, piece.input())
        : new PhasedConvStage(frame, conv, piece.input(), piece.output(), epilogue(piece));
  }

  private static Epilogue epilogue(Piece.Convolution piece) {
    if (piece.pool().isPresent()) {
      return Epilogue.POOL;
    }
    return piece.relu().isPresent() ? Epilogue.RELU : Epilogue.PLAIN;
  }

  @Override
  public Stage relu(Operation.Relu relu) {
    return new ReluStage(frame, relu);
  }

  @Override
  public Stage maxPool(Operation.MaxPool pool) {
    return new MaxPoolStage(frame, pool);
  }

  @Override
  public Stage upsample(Operation.Upsample upsample) {
    return new UpsampleStage(frame, upsample);
  }

  @Override
  public Stage add(Operation.Add add) {
    return new AddStage(frame, add);
  }

  @Override
  public Stage linear(Operation.Linear linear) {
    return PlainConvStage.linear(frame, linear);
  }

  @Override
  public Stage activation(Operation.Activation activation) {
    return new ActivationStage(frame, activation);
  }

  @Override
  public Stage normalization(Piece.Normalization piece) {
    return new NormStage(frame, piece);
  }

  @Override
  public Stage averagePool(Operation.AveragePool pool) {
    return new AveragePoolStage(frame, pool);
  }

  @Override
  public Stage globalAveragePool(Operation.GlobalAveragePool pool) {
    return new GlobalAveragePoolStage(frame, pool);
  }

  @Override
  public Stage normalize(Operation.Normalize normalize) {
    return new ChannelStage(frame, normalize);
  }

  @Override
  public Stage dropout(Operation.Dropout dropout) {
    return frame.training()
        ? new DropoutStage(frame, dropout)
        : new SameStage(frame, dropout.name(), dropout.input(), dropout.output());
  }
}
