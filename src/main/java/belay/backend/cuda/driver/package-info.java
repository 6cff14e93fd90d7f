/** A GPU through NVIDIA's driver: memory, streams, graphs, and calls of kernels. */
package belay.backend.cuda.driver;
