package belay.backend.onednn;

import belay.net.Network;

/**
 * How chains are compiled.
 *
 * @param engine oneDNN's engine
 * @param type of activations and kernels, {@link Dnnl#F32} or {@link Dnnl#BF16}
 * @param layout of activations between stages, a format tag
 */
record Recipe(long engine, int type, int layout) {
  /**
   * Images in a shard at most: enough that weights in the cache serve several images, few enough
   * that activations stay there too. Results depend on it, to the last bits.
   */
  static final int SHARD = Integer.getInteger("belay.shard", 8);

  /**
   * @param batch images in a call at most; it is cut into equal shards
   */
  Chain chain(Scope scope, Network network, int batch, boolean training) {
    int shards = (batch + SHARD - 1) / SHARD;
    int size = (batch + shards - 1) / shards;
    Primitives make = new Primitives(scope, engine, type, layout, size, training);
    return new Chain(scope, engine, network, make, size, training);
  }
}
