/**
 * The arithmetic of a step's end, from gradient to weights, in plain Java: it defines each rule.
 */
package belay.backend.update;
