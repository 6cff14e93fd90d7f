/**
 * The job that this process belongs to, if it is one: signals that ask it to stop, what its
 * scheduler tells of it, and its GPU.
 */
package belay.job;
