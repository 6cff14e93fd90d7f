/** Says what is broken in a run directory, and mends it without losing anything that is whole. */
package belay.repair;
