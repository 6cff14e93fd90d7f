package belay.backend;

/**
 * Brings every feature to mean 0 and deviation 1 over a training set: (x - mean) / deviation,
 * computed in double and rounded to float.
 *
 * @param mean per feature [d]
 * @param deviation per feature [d], population formula; 1 for a feature that never changes
 */
public record Standardization(double[] mean, double[] deviation) {}
