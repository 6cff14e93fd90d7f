package belay.backend.onednn.dnnl;

/**
 * Type, logical dimensions and memory layout of a tensor, as oneDNN describes it.
 *
 * @param handle address of a dnnl_memory_desc; owned by a {@link Scope} or a primitive
 */
public record Descriptor(long handle) {
  /**
   * @param tag layout, or {@link Dnnl#ANY} to let a primitive choose
   * @param sizes logical dimensions: N C H W, or O I H W for kernels
   */
  public static Descriptor of(Scope scope, int type, int tag, long... sizes) {
    long[] handle = new long[1];
    Dnnl.check(
        Dnnl.dnnl_memory_desc_create_with_tag(handle, sizes.length, sizes, type, tag),
        "describe a tensor");
    scope.onClose(() -> Dnnl.dnnl_memory_desc_destroy(handle[0]));
    return new Descriptor(handle[0]);
  }

  /** Bytes in memory, with the padding of blocked layouts. */
  public long bytes() {
    return Dnnl.dnnl_memory_desc_get_size(handle);
  }

  /** Whether both describe the same bytes. */
  public boolean sameAs(Descriptor other) {
    return Dnnl.dnnl_memory_desc_equal(handle, other.handle) == 1;
  }
}
