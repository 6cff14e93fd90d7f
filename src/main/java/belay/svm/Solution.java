package belay.svm;

/**
 * The optimum of a binary problem: decision(x) = sum coefficient_i kernel(x_i, x) - rho.
 *
 * @param coefficients alpha_i y_i [size]
 * @param objective the dual objective, 0.5 alpha' Q alpha - sum alpha
 * @param converged false if the iteration limit came first
 */
record Solution(
    double[] coefficients, double rho, double objective, long iterations, boolean converged) {}
