/** Support vector machines on a GPU: kernel values, pair problems, decisions. */
package belay.backend.cuda.svm;
