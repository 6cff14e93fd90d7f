/** The run directory: its owner, its progress and its checkpoints. */
package belay.checkpoint;
