/** oneDNN as Java sees it: native memory, threads, primitives and their calls. */
package belay.backend.onednn.dnnl;
