package belay.backend.cuda.net;

import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Mail;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Brings rows and scalars to the device without waiting: a ring of page-locked slots lets the host
 * run a few steps ahead of the GPU.
 */
final class Mailbox implements AutoCloseable {
  private static final int SLOTS = 4;

  private final Frame frame;
  private final CUstream stream;
  private final Pointer memory = new Pointer();
  private final ByteBuffer bytes;
  private final CUevent[] sent = new CUevent[SLOTS];
  private int turn;

  Mailbox(Frame frame, CUstream stream) {
    this.frame = frame;
    this.stream = stream;
    CudaError.check(
        JCudaDriver.cuMemHostAlloc(memory, (long) SLOTS * bytesOfASlot(), 0),
        "allocate page-locked memory");
    this.bytes =
        memory.getByteBuffer(0, (long) SLOTS * bytesOfASlot()).order(ByteOrder.nativeOrder());
    for (int i = 0; i < SLOTS; i++) {
      sent[i] = new CUevent();
      CudaError.check(
          JCudaDriver.cuEventCreate(sent[i], CUevent_flags.CU_EVENT_DISABLE_TIMING),
          "make an event");
    }
  }

  private int bytesOfASlot() {
    return (int) frame.mail().slice().bytes();
  }

  /** Queues the copy of rows [at most batch]. */
  void send(int[] rows) {
    send(rows, 0, 0);
  }

  /**
   * Queues the copy of rows [at most batch] and scalars.
   *
   * @param step optimiser steps taken before this one
   * @param epoch that it belongs to
   */
  void send(int[] rows, long step, int epoch, float... scalars) {
    CUevent free = sent[turn];
    CudaError.check(JCudaDriver.cuEventSynchronize(free), "wait for the GPU");
    int start = turn * bytesOfASlot();
    for (int i = 0; i < scalars.length; i++) {
      bytes.putFloat(start + 4 * i, scalars[i]);
    }
    bytes.putInt(start + 4 * Mail.STEP, (int) step);
    bytes.putInt(start + 4 * Mail.EPOCH, epoch);
    for (int i = 0; i < rows.length; i++) {
      bytes.putInt(start + 4 * (Mail.ROWS + i), rows[i]);
    }
    CudaError.check(
        JCudaDriver.cuMemcpyHtoDAsync(
            frame.mail().slice().pointer(),
            memory.withByteOffset(start),
            4L * (Mail.ROWS + rows.length),
            stream),
        "copy to the GPU");
    CudaError.check(JCudaDriver.cuEventRecord(free, stream), "queue work");
    turn = (turn + 1) % SLOTS;
  }

  @Override
  public void close() {
    for (CUevent event : sent) {
      JCudaDriver.cuEventDestroy(event);
    }
    JCudaDriver.cuMemFreeHost(memory);
  }
}
