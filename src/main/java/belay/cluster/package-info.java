/** The cluster around a job: signals that ask it to stop, and what the scheduler says about it. */
package belay.cluster;
