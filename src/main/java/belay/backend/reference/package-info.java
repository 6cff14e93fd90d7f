/** Plain loops in Java: the definition of every operation, and the CPU baseline. */
package belay.backend.reference;
