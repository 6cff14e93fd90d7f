package belay.backend;

/**
 * Why a sample cannot be used.
 *
 * @param place of the sample in its matrix
 * @param column of a value that is not finite; -1 if the sample's squared length exceeds what
 *     single precision can add up
 * @param value that value, or the squared length
 */
public record SampleFlaw(int place, int column, double value) {}
