/** Counter-based random numbers; every package may use it. */
package belay.random;
