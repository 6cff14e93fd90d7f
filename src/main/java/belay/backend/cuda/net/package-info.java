/** Plans of training and encoding on a GPU. */
package belay.backend.cuda.net;
