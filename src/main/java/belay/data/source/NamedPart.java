package belay.data.source;

import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.data.RecordFile;
import belay.data.picture.PictureFile;
import java.nio.file.Path;

/** Some of the images that somebody names, from one file or one data set. */
interface NamedPart {
  int count();

  /** Writes pixels [count, C, H, W] and labels from an image on; -1 for a label that is unknown. */
  void read(byte[] pixels, int[] labels, int first);

  /** What image {@code i} of this part is called. */
  String name(int i);

  /**
   * @param label -1 if unknown
   */
  record Picture(Path file, int label, ImageShape shape) implements NamedPart {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public void read(byte[] pixels, int[] labels, int first) {
      PictureFile.read(file, shape, pixels, Math.toIntExact(first * shape.bytes()));
      labels[first] = label;
    }

    @Override
    public String name(int i) {
      return file.toString();
    }
  }

  /** A file of records in the layout of CIFAR-10. */
  record Records(RecordFile file) implements NamedPart {
    @Override
    public int count() {
      return file.count();
    }

    @Override
    public void read(byte[] pixels, int[] labels, int first) {
      byte[] bytes = new byte[labels.length];
      file.read(pixels, bytes, first);
      for (int i = first; i < first + count(); i++) {
        labels[i] = bytes[i] & 0xFF;
      }
    }

    @Override
    public String name(int i) {
      return file.path() + "#" + i;
    }
  }

  /** Images of a data set, read already. */
  record OfSet(Path place, ImageSet images) implements NamedPart {
    @Override
    public int count() {
      return images.count();
    }

    @Override
    public void read(byte[] pixels, int[] labels, int first) {
      int offset = first * images.format().imageBytes();
      System.arraycopy(images.pixels(), 0, pixels, offset, images.pixels().length);
      for (int i = 0; i < count(); i++) {
        labels[first + i] = images.label(i);
      }
    }

    @Override
    public String name(int i) {
      return place + "#" + i;
    }
  }
}
