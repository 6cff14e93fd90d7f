/** NVIDIA GPUs through the driver's own interface; nothing but the driver is needed on a node. */
package belay.backend.cuda;
