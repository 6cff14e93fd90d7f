/** Networks on a GPU: their stages, plans of training and encoding. */
package belay.backend.cuda.net;
