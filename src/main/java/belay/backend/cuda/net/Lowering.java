package belay.backend.cuda.net;

import belay.backend.Piece;
import belay.backend.cuda.kernels.Epilogue;
import belay.net.Operation;

/**
 * Makes a stage of a piece.
 *
 * @param index place of the stage in the chain, from 0
 */
record Lowering(Frame frame, int index) implements Piece.Cases<Stage> {
  @Override
  public Stage convolution(Piece.Convolution piece) {
    return piece.upsample().isPresent() ? upsampled(piece) : plain(piece);
  }

  private Stage plain(Piece.Convolution piece) {
    Operation.Conv conv = piece.conv();
    return piece.pool().isPresent() && ImageConvStage.takes(frame, conv)
        ? new ImageConvStage(frame, index, conv, piece.output())
        : new PlainConvStage(frame, index, conv, piece.output(), epilogue(piece));
  }

  private Stage upsampled(Piece.Convolution piece) {
    Operation.Conv conv = piece.conv();
    boolean atTheEnd = conv.output() == frame.program().output();
    return atTheEnd && conv.filters() <= ProjectedConvStage.PADDED
        ? new ProjectedConvStage(frame, index, conv, piece.input())
        : new PhasedConvStage(frame, index, conv, piece.input(), piece.output(), epilogue(piece));
  }

  private static Epilogue epilogue(Piece.Convolution piece) {
    if (piece.pool().isPresent()) {
      return Epilogue.POOL;
    }
    return piece.relu().isPresent() ? Epilogue.RELU : Epilogue.PLAIN;
  }

  @Override
  public Stage relu(Operation.Relu relu) {
    return new ReluStage(frame, index, relu);
  }

  @Override
  public Stage maxPool(Operation.MaxPool pool) {
    return ResampleStage.of(frame, index, pool);
  }

  @Override
  public Stage upsample(Operation.Upsample upsample) {
    return ResampleStage.of(frame, index, upsample);
  }

  @Override
  public Stage add(Operation.Add add) {
    throw new UnsupportedOperationException("add");
  }

  @Override
  public Stage linear(Operation.Linear linear) {
    throw new UnsupportedOperationException("linear");
  }

  @Override
  public Stage activation(Operation.Activation activation) {
    throw new UnsupportedOperationException("activation");
  }

  @Override
  public Stage batchNorm(Operation.BatchNorm norm) {
    throw new UnsupportedOperationException("batchNorm");
  }

  @Override
  public Stage averagePool(Operation.AveragePool pool) {
    throw new UnsupportedOperationException("averagePool");
  }

  @Override
  public Stage globalAveragePool(Operation.GlobalAveragePool pool) {
    throw new UnsupportedOperationException("globalAveragePool");
  }

  @Override
  public Stage dropout(Operation.Dropout dropout) {
    throw new UnsupportedOperationException("dropout");
  }
}
