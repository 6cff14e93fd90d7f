package belay.backend.cuda.net;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.kernels.Geometry;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.TensorGatherGemmKernels;
import belay.backend.cuda.kernels.ValueType;
import belay.error.DeviceException;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The device memory that the stages of one plan share. Everything is reserved for the largest
 * minibatch while stages are made; addresses exist once the arena is allocated.
 */
final class Frame {
  /** Learning rate and Adam's two corrections, and one unused. */
  static final int SCALARS = 4;

  private final Gpu gpu;
  private final Program program;
  private final int batch;
  private final boolean training;
  private final Format format;
  private final Layout layout;
  private final Products products;
  private final Copies copies;
  private final Arena arena;
  private final Map<Integer, Arena.Slice> values = new HashMap<>();
  private final Arena.Slice parameters;
  private final Arena.Slice parameterGradient;
  private final Arena.Slice workspace;
  // One a stage: weight gradients read them while the main line is already further back.
  private final Map<Integer, Arena.Slice> gradients = new HashMap<>();
  private final Arena.Slice mail;
  private final float lossScale;

  Frame(
      Gpu gpu,
      Program program,
      int batch,
      boolean training,
      Format format,
      Arena arena,
      Layout layout) {
    this.gpu = gpu;
    this.program = program;
    this.batch = checked(program, batch);
    this.training = training;
    this.format = format;
    this.layout = layout;
    this.products = Products.of(gpu, format, layout);
    this.copies = new Copies(format, arena);
    this.arena = arena;
    this.lossScale = format.lossScale((long) batch * program.shape(0).size());
    long parameterBytes = 4L * paddedParameters();
    this.parameters = arena.reserve(parameterBytes);
    this.parameterGradient = arena.reserve(training ? parameterBytes : 0);
    this.workspace = arena.reserve(0);
    this.mail = arena.reserve(mailBytes());
  }

  /** Kernels count pixels and values of a tensor in 32 bits. */
  private static int checked(Program program, int batch) {
    int largest = program.shapes().stream().mapToInt(Shape::size).max().orElseThrow();
    int most = Integer.MAX_VALUE / Math.max(largest, 64 * pixels(program));
    if (batch > most) {
      throw new DeviceException(
          "A minibatch of %d images makes tensors of more than 2^31 values. Lower train.batch, now %d, to %d"
              .formatted(batch, batch, most));
    }
    return batch;
  }

  private static int pixels(Program program) {
    return program.shape(0).height() * program.shape(0).width();
  }

  Program program() {
    return program;
  }

  int batch() {
    return batch;
  }

  boolean training() {
    return training;
  }

  Layout layout() {
    return layout;
  }

  /** Images of each shard of a minibatch of so many images, but for the last ones. */
  int shardSize(int images) {
    return layout.shardSize(images);
  }

  /**
   * How a sum over a minibatch's terms is cut that have been added up by shares.
   *
   * @param each terms of an image
   */
  Parts parts(int count, int each, int share) {
    return new Parts(count * each, share, shardSize(count) * each);
  }

  Format format() {
    return format;
  }

  int multiprocessors() {
    return gpu.device().multiprocessors();
  }

  /** Whether this format computes on tensor cores and the tier has this file. */
  boolean hasTensorKernels(String file) {
    return format.core().isPresent() && gpu.images().has(file);
  }

  /**
   * @throws java.util.NoSuchElementException if this format computes by multiply-adds
   */
  CoreType core() {
    return format.core().orElseThrow();
  }

  Copies copies() {
    return copies;
  }

  Products products() {
    return products;
  }

  /** What the gradients of activations are multiplied by, so that fp16 can hold them. */
  float lossScale() {
    return lossScale;
  }

  Shape shape(int value) {
    return program.shape(value);
  }

  /** The parameter vector's length, rounded up to whole accesses of 16 bytes. */
  int paddedParameters() {
    int count = program.parameters().stream().mapToInt(Parameter::size).sum();
    return (count + 3) / 4 * 4;
  }

  Arena.Slice parameters() {
    return parameters;
  }

  Arena.Slice parameterGradient() {
    return parameterGradient;
  }

  /** What changes from step to step: {@link #SCALARS} floats, then rows [batch]. */
  Arena.Slice mail() {
    return mail;
  }

  int mailBytes() {
    return 4 * (SCALARS + batch);
  }

  /** Which images the minibatch consists of [batch]. */
  Address rows() {
    return mail.at(SCALARS);
  }

  /** Memory that a stage may use between two of its launches. */
  Arena.Slice workspace() {
    return workspace;
  }

  /** A value of the whole minibatch; reserved when it is first asked for. */
  Arena.Slice value(int value) {
    return values.computeIfAbsent(value, v -> activations(shape(v)));
  }

  Arena.Slice activations(Shape shape) {
    return arena.reserve((long) format.bytes() * batch * shape.size());
  }

  Arena.Slice bytes(Shape shape) {
    return arena.reserve((long) batch * shape.size());
  }

  /** Partial column sums of a tensor, as products leave them. */
  Arena.Slice columnParts(Shape shape) {
    long pixels = (long) batch * shape.height() * shape.width();
    int part = TensorGatherGemmKernels.PART;
    return arena.reserve(4 * ((pixels + part - 1) / part) * shape.channels());
  }

  /** Prepared weights of a product. */
  Arena.Slice weights(Geometry geometry) {
    return arena.reserve((long) format.bytes() * geometry.weights());
  }

  /** The gradient of a stage's output. */
  Arena.Slice gradient(int stage) {
    return gradients.computeIfAbsent(stage, s -> arena.reserve(0));
  }

  /** Makes room for a gradient of so many values an image. */
  void reserveGradient(int stage, long values) {
    gradient(stage).atLeast(format.bytes() * batch * values);
  }

  Address address(Parameter parameter) {
    return parameters.at(parameter.offset());
  }

  /** The address of a bias, which the kernels want. */
  Address address(Optional<Parameter> bias) {
    return address(bias.orElseThrow());
  }

  Address gradientAddress(Parameter parameter) {
    return parameterGradient.at(parameter.offset());
  }

  /** The type of the values in memory. */
  ValueType type() {
    return format.type();
  }
}
