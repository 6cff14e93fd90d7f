/**
 * The kernels of convolutions and linear layers, and how their products are described and tiled.
 */
package belay.backend.cuda.conv;
