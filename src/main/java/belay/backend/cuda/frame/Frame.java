package belay.backend.cuda.frame;

import belay.backend.Objective;
import belay.backend.TrainSpec;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.kernels.Parts;
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
public final class Frame {
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
  private final ValueMoments moments = new ValueMoments(this);
  private final MasterWeights master;
  private final Arena.Slice parameterGradient;
  private final Arena.Slice workspace;
  private final Arena.Slice sums;
  private final Gradients gradients;
  private final Mail mail;
  private final float lossScale;

  /**
   * @param spec of a plan that trains; empty for others
   */
  public Frame(
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
    this.lossScale = format.lossScale((long) (batch * meanedOver(program)));
    this.master = new MasterWeights(program, arena);
    this.parameterGradient = arena.reserve(training() ? parameters().bytes() : 0);
    this.workspace = arena.reserve(0);
    this.sums = arena.reserve(0);
    this.mail = new Mail(arena, batch);
    this.gradients = new Gradients(this, arena);
  }

  /** Values of an image over which its loss is a mean; so small scores count has as much to say. */
  private static double meanedOver(Program program) {
    return program.classifies() ? 1 / program.logitScale() : program.shape(0).size();
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

  public Program program() {
    return program;
  }

  public int batch() {
    return batch;
  }

  public boolean training() {
    return spec.isPresent();
  }

  /** What a plan that trains minimises. */
  public Objective objective() {
    return spec.orElseThrow().objective(program);
  }

  /** Whether training ever changes a parameter. */
  public boolean trains(Parameter parameter) {
    return !spec.orElseThrow().groups().isFrozenForGood(parameter);
  }

  /** Of what is random in a training step. */
  public long seed() {
    return spec.orElseThrow().seed();
  }

  /** Shards of a minibatch at most. */
  public int shards() {
    return layout.shards();
  }

  public Layout layout() {
    return layout;
  }

  /** Images of each shard of a minibatch of so many images, but for the last ones. */
  public int shardSize(int images) {
    return layout.shardSize(images);
  }

  /**
   * How a sum over a minibatch's terms is cut that have been added up by shares.
   *
   * @param each terms of an image
   */
  public Parts parts(int count, int each, int share) {
    return new Parts(count * each, share, shardSize(count) * each);
  }

  Format format() {
    return format;
  }

  public int multiprocessors() {
    return chip.multiprocessors();
  }

  /** Whether this format computes on tensor cores and the tier has this file. */
  public boolean hasTensorKernels(String file) {
    return format.core().isPresent() && chip.has().test(file);
  }

  /**
   * @throws java.util.NoSuchElementException if this format computes by multiply-adds
   */
  public CoreType core() {
    return format.core().orElseThrow();
  }

  public Copies copies() {
    return copies;
  }

  public Products products() {
    return products;
  }

  /** What the gradients of activations are multiplied by, so that fp16 can hold them. */
  public float lossScale() {
    return lossScale;
  }

  public Shape shape(int value) {
    return program.shape(value);
  }

  /** The parameter vector's length, rounded up to whole accesses of 16 bytes. */
  public int paddedParameters() {
    return master.padded();
  }

  /** Parameters and statistics in fp32. */
  public MasterWeights master() {
    return master;
  }

  public Arena.Slice parameters() {
    return master.parameters();
  }

  public Arena.Slice parameterGradient() {
    return parameterGradient;
  }

  /** What changes from step to step. */
  public Mail mail() {
    return mail;
  }

  /** Which images the minibatch consists of [batch]. */
  public Address rows() {
    return mail.at(Mail.ROWS);
  }

  /** How many optimiser steps have been taken before this one [1]. */
  public Address step() {
    return mail.at(Mail.STEP);
  }

  /** Which epoch the step belongs to, from 1 [1]. */
  public Address epoch() {
    return mail.at(Mail.EPOCH);
  }

  /** Memory that a stage may use between two of its launches aside. */
  public Arena.Slice workspace() {
    return workspace;
  }

  /** The same on the main line. */
  public Arena.Slice sums() {
    return sums;
  }

  public Arena.Slice reserve(long bytes) {
    return arena.reserve(bytes);
  }

  /** A value of the whole minibatch; reserved when it is first asked for. */
  public Arena.Slice value(int value) {
    return values.computeIfAbsent(value, v -> activations(shape(v)));
  }

  /** Says that a value lies where another does. */
  public void isSame(int value, int as) {
    values.put(value, value(as));
  }

  public Arena.Slice activations(Shape shape) {
    return arena.reserve((long) format.bytes() * batch * shape.size());
  }

  public Arena.Slice bytes(Shape shape) {
    return arena.reserve((long) batch * shape.size());
  }

  public ValueMoments moments() {
    return moments;
  }

  /** Partial column sums of a tensor, as products leave them. */
  public Arena.Slice columnParts(Shape shape) {
    long pixels = (long) batch * shape.height() * shape.width();
    int part = TensorGatherGemmKernels.PART;
    return arena.reserve(4 * ((pixels + part - 1) / part) * shape.channels());
  }

  /** Prepared weights of a product. */
  public Arena.Slice weights(Geometry geometry) {
    return arena.reserve((long) format.bytes() * geometry.weights());
  }

  public Gradients gradients() {
    return gradients;
  }

  public Gradient gradient(int value) {
    return gradients.of(value);
  }

  public Address address(Parameter parameter) {
    return master.address(parameter);
  }

  /** The address of a bias; null where there is none. */
  public Address address(Optional<Parameter> bias) {
    return bias.map(this::address).orElse(null);
  }

  public Address address(Statistic statistic) {
    return master.address(statistic);
  }

  public Address gradientAddress(Parameter parameter) {
    return parameterGradient.at(parameter.offset());
  }

  /** The type of the values in memory. */
  public ValueType type() {
    return format.type();
  }
}
