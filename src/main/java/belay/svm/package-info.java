/**
 * Support vector classification, one-vs-one. {@link belay.svm.SvmTrainer} sorts the samples by
 * class into a {@link belay.backend.SvmPlan} and has it solve one binary problem a pair of classes,
 * for cross-validation many at a time; {@link belay.svm.SvmClassifier} asks a model for labels
 * through a {@link belay.backend.DecisionPlan}. A device may have plans of its own; on CPUs {@link
 * belay.svm.host.HostSvmPlan} computes with {@link belay.svm.host.SmoSolver} on any backend's
 * {@link belay.backend.KernelRows}.
 */
package belay.svm;
