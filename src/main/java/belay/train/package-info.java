/** Training from a state to a state, one epoch after another. */
package belay.train;
