/**
 * The fast CPU backend: oneDNN primitives on single threads. A minibatch is cut into shards and
 * those into slices, each slice runs on one thread, and sums are taken in the order of slices and
 * by the tree over shards, so that results do not depend on the number of threads.
 */
package belay.backend.onednn;
