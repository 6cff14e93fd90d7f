package belay.backend.cuda;

import belay.backend.Precision;
import belay.error.DeviceException;
import belay.net.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The second layer's convolution, 3x3 from 256 to 128 channels on 16x16 pixels, by each step from a
 * naive kernel to the ones that train: the variants of kernels/lab, then the production kernels.
 */
public final class LabBench {
  private static final Shape IN = new Shape(16, 16, 256);
  private static final int OUT = 128;
  private static final int WEIGHTS = 9 * 256 * OUT;
  private static final List<String> STEPS =
      List.of("one thread a value", "tiles in shared memory, filters batched", "implicit GEMM");

  private final Gpu gpu;
  private final int batch;
  private final int repetitions;
  private final Geometry forward = Geometry.same(IN, OUT, 3);
  private final Geometry backward = Geometry.same(new Shape(16, 16, OUT), IN.channels(), 3);
  private final Arena arena = new Arena();
  private final Arena.Slice x;
  private final Arena.Slice d;
  private final Arena.Slice w;
  private final Arena.Slice bias;
  private final Arena.Slice y;
  private final Arena.Slice parts = arena.reserve(0);
  private final List<Line> lines = new ArrayList<>();

  /**
   * One variant.
   *
   * @param operation forward, input gradient or weight gradient
   * @param gigaflops billions of floating-point operations a second
   * @param gigabytes billions of bytes a second, each input and output counted once
   */
  public record Line(
      String operation, String variant, double milliseconds, double gigaflops, double gigabytes) {}

  private LabBench(CudaBackend device, int batch, int repetitions) {
    this.gpu = device.gpu();
    this.batch = batch;
    this.repetitions = repetitions;
    this.x = arena.reserve(4L * batch * IN.size());
    this.d = arena.reserve(4L * batch * backward.in().size());
    this.w = arena.reserve(4L * WEIGHTS);
    this.bias = arena.reserve(4L * IN.channels());
    this.y = arena.reserve(4L * batch * IN.size());
    for (Format format : Format.values()) {
      parts.atLeast(4L * gpu.products(format).mostSplits(forward, batch) * WEIGHTS);
    }
  }

  /**
   * Measures every variant that the device and tier can run, on random numbers.
   *
   * @return forward, then input gradient, then weight gradient, each from slow to fast in structure
   */
  public static List<Line> run(CudaBackend device, int batch, int repetitions) {
    LabBench bench = new LabBench(device, batch, repetitions);
    try (bench.arena) {
      bench.arena.allocate(device.gpu().device(), "the bench", "Lower the batch");
      bench.measure();
      return bench.lines;
    }
  }

  private void measure() {
    for (String operation : List.of("forward", "input gradient", "weight gradient")) {
      for (int version = 1; version <= STEPS.size(); version++) {
        fill(Format.F32);
        Tape tape = gpu.tape();
        lab(tape, operation, version);
        time(operation, "v" + version + " " + STEPS.get(version - 1), 4, tape);
      }
      for (Format format : Format.values()) {
        if (runs(format)) {
          fill(format);
          Tape tape = gpu.tape();
          production(tape, operation, format);
          time(operation, "production, " + name(format), format.bytes(), tape);
        }
      }
    }
  }

  private static String name(Format format) {
    return format == Format.F32 ? "fp32" : format.products();
  }

  private boolean runs(Format format) {
    if (format == Format.F32 || format == Format.F32_BY_TF32) {
      return format == Format.F32 || gpu.images().has("gather_gemm_tf32x3");
    }
    try {
      gpu.format(Precision.valueOf(format.name()));
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }

  private void lab(Tape tape, String operation, int version) {
    int pixels = forward.pixels(batch);
    Object[] sizes = {batch, IN.height(), IN.width(), IN.channels(), OUT};
    switch (operation) {
      case "forward" ->
          lab(tape, "conv3x3_forward", version, pixels, OUT, List.of(x, w, bias, y), sizes);
      case "input gradient" ->
          lab(tape, "conv3x3_input_gradient", version, pixels, 256, List.of(d, w, y), sizes);
      default -> labGradient(tape, version, sizes);
    }
  }

  /** Grids as the headers in kernels/lab give them. */
  private static void lab(
      Tape tape,
      String name,
      int version,
      int pixels,
      int columns,
      List<Arena.Slice> tensors,
      Object[] sizes) {
    int across = version == 1 ? 1 : columns / (version == 2 ? 32 : 64);
    long down = version == 1 ? (long) pixels * columns / 256 : (pixels + 63) / 64;
    tape.add(name, name + "_v" + version, (int) down, across, 1, 256, all(tensors, sizes));
  }

  private void labGradient(Tape tape, int version, Object[] sizes) {
    String name = "conv3x3_weight_gradient";
    int[] grid =
        switch (version) {
          case 1 -> new int[] {WEIGHTS / 256, 1, 1};
          case 2 -> new int[] {OUT / 32, IN.channels(), 9};
          default -> new int[] {IN.channels() / 64, OUT / 64, 9};
        };
    tape.add(
        name,
        name + "_v" + version,
        grid[0],
        grid[1],
        grid[2],
        256,
        all(List.of(x, d, parts), sizes));
  }

  private static Object[] all(List<Arena.Slice> tensors, Object[] sizes) {
    List<Object> arguments = new ArrayList<>(tensors);
    arguments.addAll(List.of(sizes));
    return arguments.toArray();
  }

  private void production(Tape tape, String operation, Format format) {
    Products products = gpu.products(format);
    var plain = Products.Epilogue.PLAIN;
    switch (operation) {
      case "forward" ->
          products.gather(
              tape,
              forward,
              plain,
              new Products.Operands(x, w, bias.pointer(), null, y, null, null),
              batch);
      case "input gradient" ->
          products.gather(
              tape, backward, plain, new Products.Operands(d, w, null, null, y, null, null), batch);
      default -> products.weightGradient(tape, forward, x, d, parts.pointer(), null, batch);
    }
  }

  private void time(String operation, String variant, int bytes, Tape tape) {
    CUstream stream = gpu.stream();
    double milliseconds = StepProfile.median(tape.launches().get(0), 1, stream, repetitions);
    JCudaDriver.cuStreamDestroy(stream);
    double values = (double) batch * (IN.size() + backward.in().size()) + WEIGHTS;
    lines.add(
        new Line(
            operation,
            variant,
            milliseconds,
            forward.operations(batch) / milliseconds / 1e6,
            bytes * values / milliseconds / 1e6));
  }

  /** Random numbers in [-1, 1): zeros would run faster than real data. */
  private void fill(Format format) {
    Random random = new Random(1);
    for (Arena.Slice slice : List.of(x, d, w, bias)) {
      int count = (int) (slice.bytes() / 4);
      if (format.bytes() == 4 || slice == bias) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = 2 * random.nextFloat() - 1;
        }
        slice.upload(Pointer.to(values), slice.bytes());
      } else {
        short[] values = new short[count];
        for (int i = 0; i < count; i++) {
          values[i] = half(2 * random.nextFloat() - 1, format);
        }
        slice.upload(Pointer.to(values), 2L * count);
      }
    }
    CudaError.check(JCudaDriver.cuCtxSynchronize(), "copy to the GPU");
  }

  /** bf16 is the upper half of fp32; for fp16 the exponent moves (normal numbers only). */
  private static short half(float value, Format format) {
    int bits = Float.floatToRawIntBits(value);
    if (format == Format.BF16 || Math.abs(value) < 1e-4f) {
      return (short) (format == Format.BF16 ? bits >>> 16 : 0);
    }
    int exponent = (bits >>> 23 & 0xFF) - 127 + 15;
    return (short) (bits >>> 16 & 0x8000 | exponent << 10 | bits >>> 13 & 0x3FF);
  }
}
