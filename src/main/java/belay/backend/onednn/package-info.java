/**
 * The fast CPU backend: oneDNN primitives on single threads. A minibatch is cut into fixed shards,
 * each shard runs on one thread, and sums over shards are taken in shard order, so that results do
 * not depend on the number of threads.
 */
package belay.backend.onednn;
