package belay.hdf;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import io.jhdf.object.datatype.StringData;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/** What the elements of a dataset are: little-endian numbers, or UTF-8 strings of equal length. */
enum ElementType {
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  UINT8,
  STRING;

  /** As NumPy calls it, "string" for text. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param bytes of one element
   */
  DataType inFile(int bytes) {
    return switch (this) {
      case FLOAT32 -> FloatingPoint.FLOAT;
      case FLOAT64 -> FloatingPoint.DOUBLE;
      case INT32 -> new FixedPoint(4);
      case INT64 -> new FixedPoint(8);
      case UINT8 -> new FixedPoint(1, false);
      // jhdf derives the length from an example and adds the terminating zero.
      case STRING -> StringData.create("x".repeat(bytes - 1));
    };
  }

  /** The type of a dataset in a file, unless it is one that belay never writes. */
  static Optional<ElementType> of(DataType type) {
    if (type instanceof OrderedDataType ordered && ordered.getByteOrder() == ByteOrder.BIG_ENDIAN) {
      return Optional.empty();
    }
    int bytes = type.getSize();
    if (type instanceof FloatingPoint) {
      return bytes == 4
          ? Optional.of(FLOAT32)
          : bytes == 8 ? Optional.of(FLOAT64) : Optional.empty();
    }
    if (type instanceof FixedPoint integer) {
      return ofInteger(bytes, integer.isSigned());
    }
    return type instanceof StringData && bytes > 0 ? Optional.of(STRING) : Optional.empty();
  }

  private static Optional<ElementType> ofInteger(int bytes, boolean signed) {
    if (!signed) {
      return bytes == 1 ? Optional.of(UINT8) : Optional.empty();
    }
    return bytes == 4 ? Optional.of(INT32) : bytes == 8 ? Optional.of(INT64) : Optional.empty();
  }
}
