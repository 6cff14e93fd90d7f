package belay.net;

import java.util.Optional;

/**
 * A line of a network's file after the input's: it defines a value by an operation of this name, or
 * marks the value before.
 *
 * @param value number of that value
 * @param mark empty where the line is an operation's
 */
public record Line(String name, int value, Optional<Mark> mark) {}
