/**
 * Looks for a learning rate and a weight decay: trials of a network, and what follows from them.
 */
package belay.tune;
