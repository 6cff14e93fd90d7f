/**
 * One class for each file in kernels/: names, arguments, grids and shared memory of its kernels.
 */
package belay.backend.cuda.kernels;
