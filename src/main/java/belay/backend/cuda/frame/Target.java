package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Arena;

/**
 * How a kernel leaves its part of the gradient of its input.
 *
 * @param add whether to what lies there
 * @param mask which values that are not positive make the gradient 0 in the end; null for none
 */
public record Target(Arena.Slice dx, boolean add, Arena.Slice mask) {}
