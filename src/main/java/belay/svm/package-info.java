/**
 * Support vector classification, one-vs-one: {@link belay.svm.SvmTrainer} sorts the samples by
 * class, lets {@link belay.svm.SmoSolver} solve one binary problem a pair of classes on kernel
 * values that a backend computes, and keeps the outcome as a {@link belay.svm.SvmModel}.
 */
package belay.svm;
