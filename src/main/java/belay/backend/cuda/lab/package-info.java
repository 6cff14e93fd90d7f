/** The steps from a naive convolution to an implicit product, timed beside production. */
package belay.backend.cuda.lab;
