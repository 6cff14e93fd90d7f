package belay.hdf;

import io.jhdf.Constants;
import io.jhdf.ObjectHeader.ObjectHeaderV2;
import io.jhdf.WritableDatasetImpl;
import io.jhdf.api.Group;
import io.jhdf.object.message.AttributeInfoMessage;
import io.jhdf.object.message.AttributeMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.Message;
import io.jhdf.storage.HdfFileChannel;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A dataset whose elements are already in the file: it writes its object header and nothing else.
 * jhdf's own datasets want all elements in nested arrays when the file is closed, which 50,000 x
 * 8,192 features do not allow.
 */
final class StoredDataset extends WritableDatasetImpl {
  private final Extent extent;

  StoredDataset(Group parent, String name, Extent extent) {
    super(new byte[1], name, parent); // one byte stands for the data that jhdf never sees
    this.extent = extent;
  }

  @Override
  public long write(HdfFileChannel channel, long position) {
    ByteBuffer header = new ObjectHeaderV2(position, messages()).toBuffer();
    channel.write(header, position);
    return position + header.limit();
  }

  private List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    messages.add(DataTypeMessage.create(extent.type().inFile(extent.elementBytes())));
    messages.add(DataSpaceMessage.create(space(extent.shape())));
    messages.add(noFill());
    messages.add(ContiguousDataLayoutMessage.create(address(), extent.bytes()));
    if (!getAttributes().isEmpty()) {
      messages.add(AttributeInfoMessage.create()); // HDFView shows no attributes without it
      getAttributes().forEach((name, value) -> messages.add(AttributeMessage.create(name, value)));
    }
    return messages;
  }

  /**
   * No fill value, never to be written. jhdf's own NO_FILL says "written on allocation", which the
   * HDF Group's library reads but refuses to copy: h5repack would fail.
   */
  private static Message noFill() {
    byte lateAndNever = 2 | 1 << 2;
    byte[] message = {FillValueMessage.MESSAGE_TYPE, 2, 0, 0, 3, lateAndNever};
    ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    return Message.readObjectHeaderV2Message(bytes, null, false);
  }

  private long address() {
    return extent.bytes() == 0 ? Constants.UNDEFINED_ADDRESS : extent.address();
  }

  private static DataSpace space(List<Long> shape) {
    if (shape.isEmpty()) {
      return DataSpace.fromObject((byte) 1);
    }
    int[] ones = new int[shape.size()];
    Arrays.fill(ones, 1);
    DataSpace sameRank = DataSpace.fromObject(Array.newInstance(byte.class, ones));
    return DataSpace.modifyDimensions(
        sameRank, shape.stream().mapToLong(Long::longValue).toArray());
  }
}
