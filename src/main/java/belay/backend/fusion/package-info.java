/** Which operations of a program run as one. */
package belay.backend.fusion;
