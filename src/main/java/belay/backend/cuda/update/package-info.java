/** Update rules on a GPU: their kernels, and the launches of one update. */
package belay.backend.cuda.update;
