package belay.backend;

/**
 * The decisions of all pairs of k classes, in the order (0, 1), (0, 2) .. (1, 2) .. of class
 * indices, as functions of kernel values with s samples sorted by class.
 *
 * @param counts samples of each class [k]
 * @param coefficients alpha_i y_i, row-major [k - 1, s]: a sample of class c has its coefficient
 *     against class o in row o, or o - 1 if o is above c
 * @param rho of each problem [k (k - 1) / 2]
 */
public record DecisionFunctions(int[] counts, double[] coefficients, double[] rho) {}
