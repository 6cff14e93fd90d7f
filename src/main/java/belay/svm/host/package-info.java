/**
 * The SVM on the CPU: samples in the Java heap, kernel values kept as memory allows, solvers on
 * several threads. {@link belay.svm.host.SmoSolver} defines what every device solves.
 */
package belay.svm.host;
