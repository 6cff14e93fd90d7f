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
}
