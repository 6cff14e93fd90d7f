/** The commands, and the only place that wires the other packages together. */
package belay.cli;
