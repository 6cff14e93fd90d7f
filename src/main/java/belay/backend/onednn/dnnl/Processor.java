package belay.backend.onednn.dnnl;

import belay.backend.Precision;
import java.util.Map;
import java.util.TreeMap;

/**
 * What oneDNN found in the processor.
 *
 * @param isa bits of the instruction sets it will use
 */
public record Processor(int isa) {
  /** oneDNN's names, by the bits they stand for. */
  private static final Map<Integer, String> NAMES =
      new TreeMap<>(
          Map.of(
              0x1, "sse41",
              0x3, "avx",
              0x7, "avx2",
              0xf, "avx2_vnni",
              0x1f, "avx2_vnni_2",
              0x27, "avx512_core",
              0x67, "avx512_core_vnni",
              0xe7, "avx512_core_bf16",
              0x1ef, "avx512_core_fp16",
              0xfef, "avx512_core_amx"));

  public static Processor current() {
    return new Processor(Dnnl.dnnl_get_effective_cpu_isa());
  }

  /** The largest named instruction set that it contains. */
  public String name() {
    String name = "generic";
    for (Map.Entry<Integer, String> entry : NAMES.entrySet()) {
      if (has(entry.getKey())) {
        name = entry.getValue();
      }
    }
    return name;
  }

  public boolean hasBf16() {
    return has(Dnnl.ISA_AVX512_BF16);
  }

  /** The activation layout for which oneDNN's code is fastest: its vector's width of channels. */
  public int layout(Precision precision) {
    if (precision == Precision.BF16 && has(Dnnl.ISA_AMX)) {
      return Dnnl.NHWC; // code for matrix units reads no other
    }
    return has(Dnnl.ISA_AVX512) ? Dnnl.NCHW16C : Dnnl.NCHW8C;
  }

  private boolean has(int bits) {
    return (isa & bits) == bits;
  }
}
