package belay.backend;

/**
 * The optimum of a binary problem: decision(x) = sum coefficient_i kernel(x_i, x) - rho, above 0
 * for its first class.
 *
 * @param coefficients alpha_i y_i, first class first; 0 for samples that were left out [size]
 * @param objective the dual objective, 0.5 alpha' Q alpha - sum alpha
 * @param converged false if the iteration limit came first
 */
public record PairSolution(
    double[] coefficients, double rho, double objective, long iterations, boolean converged) {}
