package belay.backend.onednn.dnnl;

import belay.net.Shape;

/** Moves one value of a graph between Java and the layout and number format that stages use. */
public final class Port {
  private final float[] values; // [batch, H, W, C]
  private final Buffer plain; // the same
  private final Primitive.Call reorder;

  private Port(int count, Buffer plain, Primitive.Call reorder) {
    this.values = new float[count];
    this.plain = plain;
    this.reorder = reorder;
  }

  /**
   * @param shape as Java sees the value
   * @param layout as stages see it
   */
  public static Port into(Primitives make, Shape shape, Descriptor layout, Buffer value) {
    Descriptor plainLayout = make.plainActivation(shape);
    Buffer plain = make.allocate(plainLayout);
    return new Port(
        (int) (plainLayout.bytes() / Float.BYTES),
        plain,
        make.bound(make.reorder(plainLayout, layout), plain, value));
  }

  /** The same in the other direction. */
  public static Port outOf(Primitives make, Shape shape, Descriptor layout, Buffer value) {
    Descriptor plainLayout = make.plainActivation(shape);
    Buffer plain = make.allocate(plainLayout);
    return new Port(
        (int) (plainLayout.bytes() / Float.BYTES),
        plain,
        make.bound(make.reorder(layout, plainLayout), value, plain));
  }

  /** What {@link #send} will send or {@link #receive} has received. */
  public float[] values() {
    return values;
  }

  public void send() {
    plain.write(values, values.length);
    reorder.run();
  }

  public float[] receive() {
    reorder.run();
    plain.read(values, values.length);
    return values;
  }
}
