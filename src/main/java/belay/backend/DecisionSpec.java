package belay.backend;

/**
 * A trained classifier, less its support vectors.
 *
 * @param scaling of the samples to decide on; support vectors are scaled already
 * @param precision as in {@link SvmLayout}
 * @param capacity samples that one call decides on at most, fewer where memory is short
 * @param memoryBytes what all of it may occupy on the device; 0 for what is free
 */
public record DecisionSpec(
    DecisionFunctions functions,
    KernelFunction kernel,
    Standardization scaling,
    Precision precision,
    int capacity,
    long memoryBytes) {}
