/** What a piece of a network becomes: primitives, their weights, and how they are called. */
package belay.backend.onednn.stage;
