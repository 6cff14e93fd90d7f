/**
 * What a device must be able to do: train, encode, and compute kernel matrices. A backend compiles
 * a network into a plan, so that it may fuse operations and choose layouts in private.
 */
package belay.backend;
