package belay.backend.cuda.net;

import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.kernels.Geometry;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.TensorGatherGemmKernels;
import belay.backend.cuda.kernels.ValueType;
import belay.error.DeviceException;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Statistic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The device memory that the stages of one plan share. Everything is reserved for the largest
 * minibatch while stages are made; addresses exist once the arena is allocated.
 */
final class Frame {
  /** Those of {@link UpdateScalars}. */
  static final int SCALARS = 4;

  /** Optimiser steps taken, and what keeps the rows behind them at whole accesses of 16 bytes. */
  private static final int STEPS = 4;

  /** Numbers before the rows. */
  static final int HEAD = SCALARS + STEPS;

  private final Chip chip;
  private final Program program;
  private final int batch;
  private final Optional<TrainSpec> spec;
  private final Format format;
  private final Layout layout;
  private final Products products;
  private final Copies copies;
  private final Arena arena;
  private final Map<Integer, Arena.Slice> values = new HashMap<>();
  private final MasterWeights master;
  private final Arena.Slice parameterGradient;
  private final Arena.Slice workspace;
  private final Arena.Slice sums;
  private final Gradients gradients;
  private final Arena.Slice mail;
  private final float lossScale;

  /**
   * @param spec of a plan that trains; empty for others
   */
  Frame(
      Chip chip,
      Program program,
      int batch,
      Optional<TrainSpec> spec,
      Format format,
      Arena arena,
      Layout layout) {
    this.chip = chip;
    this.program = program;
    this.batch = checked(program, batch);
    this.spec = spec;
    this.format = format;
    this.layout = layout;
    this.products = new TiledProducts(format, chip.multiprocessors(), chip.tier(), layout);
    this.copies = new Copies(format, arena);
    this.arena = arena;
    this.lossScale = format.lossScale((long) batch * program.shape(0).size());
    this.master = new MasterWeights(program, arena);
    this.parameterGradient = arena.reserve(training() ? parameters().bytes() : 0);
    this.workspace = arena.reserve(0);
    this.sums = arena.reserve(0);
    this.mail = arena.reserve(mailBytes());
    this.gradients = new Gradients(this, arena);
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
    return spec.isPresent();
  }

  /** Of what is random in a training step. */
  long seed() {
    return spec.orElseThrow().seed();
  }

  /** Shards of a minibatch at most. */
  int shards() {
    return layout.shards();
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
    return chip.multiprocessors();
  }

  /** Whether this format computes on tensor cores and the tier has this file. */
  boolean hasTensorKernels(String file) {
    return format.core().isPresent() && chip.has().test(file);
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
    return master.padded();
  }

  /** Parameters and statistics in fp32. */
  MasterWeights master() {
    return master;
  }

  Arena.Slice parameters() {
    return master.parameters();
  }

  Arena.Slice parameterGradient() {
    return parameterGradient;
  }

  /** What changes from step to step: {@link #SCALARS} floats, the step, then rows [batch]. */
  Arena.Slice mail() {
    return mail;
  }

  int mailBytes() {
    return 4 * (HEAD + batch);
  }

  /** Which images the minibatch consists of [batch]. */
  Address rows() {
    return mail.at(HEAD);
  }

  /** How many optimiser steps have been taken before this one [1]. */
  Address step() {
    return mail.at(SCALARS);
  }

  /** Memory that a stage may use between two of its launches aside. */
  Arena.Slice workspace() {
    return workspace;
  }

  /** The same on the main line. */
  Arena.Slice sums() {
    return sums;
  }

  Arena.Slice reserve(long bytes) {
    return arena.reserve(bytes);
  }

  /** A value of the whole minibatch; reserved when it is first asked for. */
  Arena.Slice value(int value) {
    return values.computeIfAbsent(value, v -> activations(shape(v)));
  }

  /** Says that a value lies where another does. */
  void isSame(int value, int as) {
    values.put(value, value(as));
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

  Gradients gradients() {
    return gradients;
  }

  Gradient gradient(int value) {
    return gradients.of(value);
  }

  Address address(Parameter parameter) {
    return master.address(parameter);
  }

  /** The address of a bias; null where there is none. */
  Address address(Optional<Parameter> bias) {
    return bias.map(this::address).orElse(null);
  }

  Address address(Statistic statistic) {
    return master.address(statistic);
  }

  Address gradientAddress(Parameter parameter) {
    return parameterGradient.at(parameter.offset());
  }

  /** The type of the values in memory. */
  ValueType type() {
    return format.type();
  }
}
