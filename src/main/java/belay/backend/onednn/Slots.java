package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Primitives;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Memory that values use one after another: numbers first, bytes once all of them are known. */
final class Slots {
  private final List<Long> bytes = new ArrayList<>();
  private final SortedSet<Integer> free = new TreeSet<>();

  /** A slot that is free: the smallest that is large enough, else the largest, else a new one. */
  int take(long wanted) {
    Comparator<Integer> bySize = Comparator.comparingLong(bytes::get);
    Optional<Integer> fitting = free.stream().filter(slot -> bytes.get(slot) >= wanted).min(bySize);
    int slot = fitting.or(() -> free.stream().max(bySize)).orElseGet(this::added);
    free.remove(slot);
    bytes.set(slot, Math.max(bytes.get(slot), wanted));
    return slot;
  }

  private int added() {
    bytes.add(0L);
    return bytes.size() - 1;
  }

  /** Lets others take a slot. */
  void give(int slot) {
    free.add(slot);
  }

  /** Memory of each slot. */
  List<Buffer> allocate(Primitives make) {
    return bytes.stream().map(make::allocate).toList();
  }
}
