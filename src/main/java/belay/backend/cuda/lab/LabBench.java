package belay.backend.cuda.lab;

import belay.backend.Precision;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Format;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.frame.Products;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.net.StepProfile;
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

  private static final Layout LAYOUT = Layout.of(1);

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
      parts.atLeast(4L * Products.of(gpu, format, LAYOUT).mostParts(forward, batch) * WEIGHTS);
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
      for (LabKernels.Version version : LabKernels.Version.values()) {
        fill(Format.F32);
        Tape tape = gpu.tape();
        tape.add(lab(operation, version));
        time(operation, version.word() + " " + STEPS.get(version.ordinal()), 4, tape);
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
    return format.core().map(CoreType::suffix).orElse("fp32");
  }

  private boolean runs(Format format) {
    if (format == Format.F32 || format == Format.F32_BY_TF32) {
      return format == Format.F32
          || gpu.images().has(TensorGatherGemmKernels.file(CoreType.TF32X3));
    }
    try {
      Format.of(gpu, Precision.valueOf(format.name()));
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }

  private Call lab(String operation, LabKernels.Version version) {
    return switch (operation) {
      case "forward" -> LabKernels.forward(version, x, w, bias, y, batch, IN, OUT);
      case "input gradient" -> LabKernels.inputGradient(version, d, w, y, batch, IN, OUT);
      default -> LabKernels.weightGradient(version, x, d, parts, batch, IN, OUT);
    };
  }

  private void production(Tape tape, String operation, Format format) {
    Products products = Products.of(gpu, format, LAYOUT);
    var plain = Epilogue.PLAIN;
    switch (operation) {
      case "forward" -> products.gather(tape, forward, plain, new Operands(x, w, bias, y), batch);
      case "input gradient" ->
          products.gather(tape, backward, plain, new Operands(d, w, null, y), batch);
      default ->
          products.weightGradient(tape, forward, new GradientOperands(x, d, parts, null), batch);
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
