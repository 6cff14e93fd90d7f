package belay.backend.cuda.svm;

import belay.backend.EncodePlan;
import belay.backend.SampleFlaw;
import belay.backend.SampleSink;
import belay.backend.Standardization;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Staging;
import belay.backend.cuda.net.CudaEncodePlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A matrix of samples on the device; see kernels/svm_samples.cu. */
public final class CudaSamples implements SampleSink, AutoCloseable {
  /** Squared lengths above this overflow when a kernel adds them in fp32. */
  private static final double LONGEST = Float.MAX_VALUE / 8;

  private final Gpu gpu;
  private final int count;
  private final int columns;
  private final int pitch;
  private final Arena.Slice values; // [count, pitch]
  private final Arena.Slice norms; // [count]
  private final Arena.Slice flaws; // [count] int, then double
  private final Arena.Slice parts; // [parts, columns] double, then byte
  private final Arena.Slice sums; // [3, columns] double
  private final Staging staging;
  private final CUstream stream;

  /**
   * @param count samples
   * @param stream that everything runs on, or waits for
   * @param arena to be allocated before {@link #open}
   */
  CudaSamples(Gpu gpu, int count, int columns, CUstream stream, Arena arena) {
    this.gpu = gpu;
    this.count = count;
    this.columns = columns;
    this.stream = stream;
    pitch = ValueProducts.pitch(columns);
    values = arena.reserve(4L * count * pitch);
    norms = arena.reserve(4L * count);
    flaws = arena.reserve(12L * (count + 1));
    parts = arena.reserve(9L * parts() * columns);
    sums = arena.reserve(8L * 3 * columns);
    staging = new Staging(count, columns, arena);
  }

  void open() {
    staging.open();
    values.clear();
    CudaError.check(JCudaDriver.cuCtxSynchronize(), "clear memory");
  }

  int count() {
    return count;
  }

  int pitch() {
    return pitch;
  }

  /** Samples from a place on. */
  ValueProducts.Side side(int first, int number) {
    return new ValueProducts.Side(
        values.address() + 4L * first * pitch, norms.address() + 4L * first, number);
  }

  @Override
  public void put(float[] rows, int first, int number, int[] places) {
    put(FloatBuffer.wrap(rows).position(Math.multiplyExact(first, columns)), number, places);
  }

  @Override
  public void put(ByteBuffer rows, int number, int[] places) {
    put(rows.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(), number, places);
  }

  private void put(FloatBuffer rows, int number, int[] places) {
    gpu.device().makeCurrent();
    for (int i = 0; i < number; i += staging.rows()) {
      int some = Math.min(staging.rows(), number - i);
      Staging.Slot slot = staging.next();
      slot.fill(rows.slice(rows.position() + i * columns, some * columns), some);
      slot.upload(some, stream);
      slot.uploadPlaces(places, i, some, stream);
      place(slot.device().address(), slot.places(), some, stream);
      slot.release(stream);
    }
  }

  @Override
  public void put(EncodePlan encoder, int number, int[] places) {
    gpu.device().makeCurrent();
    CudaEncodePlan plan = (CudaEncodePlan) encoder;
    for (int i = 0; i < number; i += staging.rows()) {
      int some = Math.min(staging.rows(), number - i);
      Staging.Slot slot = staging.next();
      slot.uploadPlaces(places, i, some, plan.stream());
      long rows = plan.features().address() + 4L * i * columns;
      place(rows, slot.places(), some, plan.stream());
      CudaError.check(
          JCudaDriver.cuStreamWaitEvent(stream, slot.release(plan.stream()), 0), "queue work");
    }
  }

  private void place(long rows, long places, int number, CUstream on) {
    gpu.run(
        on,
        SvmSampleKernels.placeRows(
            number, Address.of(rows), Address.of(places), columns, pitch, values));
  }

  /** Copies samples into another matrix on the device, places [number] of which are there too. */
  void take(long places, int number, long to, int toPitch) {
    gpu.run(
        stream,
        SvmSampleKernels.takeRows(
            number, values, Address.of(places), columns, pitch, Address.of(to), toPitch));
  }

  /** Copies samples to another matrix, which has as many places; both may then be used at once. */
  void copy(int[] places, CudaSamples to) {
    for (int i = 0; i < places.length; i += staging.rows()) {
      int some = Math.min(staging.rows(), places.length - i);
      Staging.Slot slot = staging.next();
      slot.uploadPlaces(places, i, some, stream);
      take(slot.places(), some, to.side(i, some).rows(), pitch);
      slot.release(stream);
    }
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "copy samples");
  }

  /** Copies samples to the host. */
  void rows(int[] places, float[] out) {
    gpu.device().makeCurrent();
    for (int i = 0; i < places.length; i += staging.rows()) {
      int some = Math.min(staging.rows(), places.length - i);
      Staging.Slot slot = staging.next();
      slot.uploadPlaces(places, i, some, stream);
      take(slot.places(), some, slot.device().address(), columns);
      slot.download(FloatBuffer.wrap(out, i * columns, some * columns), some, stream);
      slot.release(stream);
    }
  }

  /** Copies all rows of another matrix on the host to places from 0 on. */
  public void fill(float[] rows) {
    int[] places = new int[count];
    Arrays.setAll(places, i -> i);
    put(rows, 0, count, places);
  }

  /** Among the first so many samples. */
  Optional<SampleFlaw> flaw(int among) {
    long lengths = flaws.address() + 4L * (count + count % 2);
    gpu.run(
        stream,
        SvmSampleKernels.findFlaws(among, values, columns, pitch, flaws, Address.of(lengths)));
    int[] firsts = new int[among];
    double[] squares = new double[among];
    download(Pointer.to(firsts), flaws.pointer(), 4L * among);
    download(
        Pointer.to(squares), flaws.pointer().withByteOffset(4L * (count + count % 2)), 8L * among);
    for (int i = 0; i < among; i++) {
      if (firsts[i] < columns) {
        return Optional.of(new SampleFlaw(i, firsts[i], value(i, firsts[i])));
      }
    }
    for (int i = 0; i < among; i++) {
      if (squares[i] > LONGEST) {
        return Optional.of(new SampleFlaw(i, -1, squares[i]));
      }
    }
    return Optional.empty();
  }

  private float value(int place, int column) {
    float[] value = new float[1];
    download(
        Pointer.to(value), values.pointer().withByteOffset(4 * ((long) place * pitch + column)), 4);
    return value[0];
  }

  /** Of every column, over all samples. */
  Standardization standardization() {
    double[] mean = Arrays.stream(sums(null)).map(sum -> sum / count).toArray();
    byte[] changed = new byte[columns];
    download(Pointer.to(changed), sums.pointer().withByteOffset(16L * columns), columns);
    double[] deviation =
        Arrays.stream(sums(mean)).map(squares -> Math.sqrt(squares / count)).toArray();
    for (int k = 0; k < columns; k++) {
      // Rounding of the mean leaves a constant feature with a tiny deviation.
      if (changed[k] == 0 || deviation[k] == 0) {
        deviation[k] = 1;
      }
    }
    return new Standardization(mean, deviation);
  }

  /** Of the first so many samples. */
  void standardize(Standardization scaling, int among) {
    upload(scaling.mean(), 0);
    upload(scaling.deviation(), 1);
    Address deviation = Address.of(sums.address() + 8L * columns);
    gpu.run(
        stream, SvmSampleKernels.standardizeRows(among, values, columns, pitch, sums, deviation));
  }

  /** Population variance of all values. */
  double variance() {
    double total = (double) count * columns;
    double[] mean = new double[columns];
    Arrays.fill(mean, Arrays.stream(sums(null)).sum() / total);
    return Arrays.stream(sums(mean)).sum() / total;
  }

  /**
   * Rounds the first so many samples as the products read them, and measures them.
   *
   * @param kernels that will multiply them
   */
  void prepare(ValueProducts kernels, int among) {
    if (kernels.rounds()) {
      gpu.run(stream, SvmSampleKernels.roundRows(among, values, columns, pitch));
    }
    kernels.norms(values.address(), among, pitch, norms.address(), stream);
  }

  /**
   * Sums of all columns in a fixed order: of the values, or of their squared distances to a centre.
   */
  private double[] sums(double[] centre) {
    Arena.Slice to = centre == null ? null : sums;
    if (centre != null) {
      upload(centre, 0);
    }
    Address changes = Address.of(parts.address() + 8L * parts() * columns);
    long out = sums.address() + 8L * columns;
    gpu.run(
        stream,
        SvmSampleKernels.columnParts(values, count, columns, pitch, to, parts, changes),
        SvmSampleKernels.columnJoin(
            parts, changes, parts(), columns, Address.of(out), Address.of(out + 8L * columns)));
    double[] result = new double[columns];
    download(Pointer.to(result), sums.pointer().withByteOffset(8L * columns), 8L * columns);
    return result;
  }

  private int parts() {
    return SvmSampleKernels.parts(count);
  }

  private void upload(double[] from, int row) {
    Gpu.upload(sums.pointer().withByteOffset(8L * row * columns), Gpu.table(from), stream);
  }

  private void download(Pointer to, CUdeviceptr from, long bytes) {
    Gpu.download(to, from, bytes, stream);
  }

  @Override
  public void close() {
    staging.close();
  }
}
