package belay.inspect;

import belay.net.Operation;
import belay.net.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program's graph beside its lines. Each line reads the value of the one above it; a value that
 * others read as well runs down a rail at the right.
 *
 * <pre>
 * *-.   a value begins that is read farther down
 * * |
 * *-+   reads the value above and the rail's, which goes on
 * o-'   reads the rail's alone, for the last time
 * |     no operation, a mark
 * </pre>
 */
final class Rails {
  private static final int FREE = -1;

  private final Map<Integer, Integer> lastReaders = new HashMap<>(); // by value, as its number
  private final List<Integer> rails = new ArrayList<>(); // the values that run down them
  private int above = FREE;

  Rails(Program program) {
    int before = 0;
    for (Operation operation : program.operations()) {
      for (int input : operation.inputs()) {
        if (input != before) {
          lastReaders.put(input, operation.output());
        }
      }
      before = operation.output();
    }
  }

  /** The row of the image. */
  String input() {
    return row(0, List.of(), '*');
  }

  /** The next row, of a mark. */
  String mark() {
    return drawn('|', marks(List.of(), FREE));
  }

  /** The next row, in the program's order. */
  String operation(Operation operation) {
    boolean isChained = operation.inputs().contains(above);
    List<Integer> others = operation.inputs().stream().filter(input -> input != above).toList();
    return row(operation.output(), others, isChained ? '*' : 'o');
  }

  private String row(int value, List<Integer> read, char node) {
    char[] marks = marks(read, value);
    if (lastReaders.containsKey(value)) {
      int rail = firstFree(marks);
      rails.set(rail, value);
      marks[rail] = '.';
    }
    above = value;
    return drawn(node, marks);
  }

  /** What each rail shows, with one more that is free. */
  private char[] marks(List<Integer> read, int reader) {
    rails.add(FREE);
    char[] marks = new char[rails.size()];
    for (int i = 0; i < marks.length; i++) {
      int value = rails.get(i);
      marks[i] = value == FREE ? ' ' : '|';
      if (value != FREE && read.contains(value)) {
        boolean isLast = lastReaders.get(value) == reader;
        marks[i] = isLast ? '\'' : '+';
        rails.set(i, isLast ? FREE : value);
      }
    }
    return marks;
  }

  private static int firstFree(char[] marks) {
    return new String(marks).indexOf(' ');
  }

  private static String drawn(char node, char[] marks) {
    int end = marks.length - 1; // of what the line touches
    while (end >= 0 && (marks[end] == ' ' || marks[end] == '|')) {
      end--;
    }
    StringBuilder text = new StringBuilder().append(node);
    for (int i = 0; i < marks.length; i++) {
      char gap = i <= end ? '-' : ' ';
      text.append(gap).append(marks[i] == ' ' ? gap : marks[i]);
    }
    return text.toString().stripTrailing();
  }
}
