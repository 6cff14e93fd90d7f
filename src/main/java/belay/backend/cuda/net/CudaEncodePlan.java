package belay.backend.cuda.net;

import belay.backend.EncodePlan;
import belay.backend.Precision;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Downloads;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Graphs;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Chip;
import belay.backend.cuda.frame.Format;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.backend.cuda.stage.Stages;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Program;
import java.nio.ByteBuffer;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Encodes with weights and images on the device. */
public final class CudaEncodePlan implements EncodePlan {
  private final Gpu gpu;
  private final int value; // the number of the one that the plan computes
  private final Arena arena = new Arena();
  private final Frame frame;
  private final Stages stages;
  private final Arena.Slice images;
  private final Arena.Slice features; // [batch, values] f32
  private final Downloads downloads;
  private final CUstream stream;
  private final CUstream side;
  private final Mailbox mailbox;
  private final Graphs graphs;

  public CudaEncodePlan(
      Gpu gpu,
      Program program,
      Mark upTo,
      int batch,
      ImageSet set,
      float[] weights,
      Precision precision) {
    this.gpu = gpu;
    this.value = program.value(upTo);
    Format format = Format.of(gpu, precision);
    this.frame =
        new Frame(Chip.of(gpu), program, batch, Optional.empty(), format, arena, Layout.of(1));
    this.stages = new Stages(frame, program.leadingTo(upTo));
    this.images = arena.reserve(set.pixels().length);
    this.features =
        format.bytes() == 4
            ? frame.value(value)
            : arena.reserve(4L * batch * program.shape(value).size());
    Arena.Slice[] staging = {
      arena.reserve(features.bytes()), arena.reserve(features.bytes()),
    };
    arena.allocate(
        gpu.device(), "the encoding plan", "Lower extract.batch, now %d".formatted(batch));
    this.stream = gpu.stream();
    this.side = gpu.stream();
    this.downloads = new Downloads(gpu, stream, features, staging);
    this.mailbox = new Mailbox(frame, stream);
    this.graphs = new Graphs(stream, side, this::record);
    images.upload(Pointer.to(set.pixels()), set.pixels().length);
    frame.master().upload(weights);
    CudaError.check(JCudaDriver.cuCtxSynchronize(), "copy to the GPU");
    Tape prepare = gpu.tape();
    stages.prepare(prepare);
    prepare.run(stream);
  }

  private Tape record(int count) {
    Tape tape = gpu.tape();
    stages.infer(tape, count, images);
    if (features != frame.value(value)) {
      long total = (long) count * frame.shape(value).size();
      tape.add(PointwiseKernels.floats(frame.type(), frame.value(value), features, total));
    }
    return tape;
  }

  @Override
  public void encode(int first, int count, float[] out) {
    gpu.device().makeCurrent();
    queue(first, count);
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "compute");
    features.download(Pointer.to(out), 4L * count * frame.shape(value).size());
  }

  @Override
  public ByteBuffer allocate(int bytes) {
    gpu.device().makeCurrent();
    return downloads.allocate(bytes);
  }

  @Override
  public Encoding begin(int first, int count, ByteBuffer target) {
    gpu.device().makeCurrent();
    queue(first, count);
    return downloads.begin(gpu.device(), target, 4L * count * frame.shape(value).size());
  }

  /** Features of the images last queued [count, values] f32, in order on the stream. */
  public Arena.Slice features() {
    return features;
  }

  /** Queues the computation without waiting for it. */
  void queue(int first, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = first + i;
    }
    mailbox.send(rows);
    graphs.launch(count);
  }

  public CUstream stream() {
    return stream;
  }

  @Override
  public void close() {
    gpu.device().makeCurrent();
    graphs.close();
    downloads.close();
    mailbox.close();
    JCudaDriver.cuStreamDestroy(side);
    JCudaDriver.cuStreamDestroy(stream);
    arena.close();
  }
}
