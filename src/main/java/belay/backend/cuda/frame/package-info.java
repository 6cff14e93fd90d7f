/**
 * What the stages of one plan share: memory, formats, gradients by value, products and the loss.
 */
package belay.backend.cuda.frame;
