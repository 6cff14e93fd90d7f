package belay.backend.cuda.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.kernels.Parts;
import belay.net.Shape;
import belay.net.Window;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How sums over pixels are cut, for the multiprocessors of an H200. */
class TiledProductsTest {
  private static final int MULTIPROCESSORS = 132;
  private static final Geometry SECOND_LAYER = Geometry.same(new Shape(16, 16, 256), 128, 3);
  private static final List<Geometry> GEOMETRIES =
      List.of(
          SECOND_LAYER,
          Geometry.strided(new Shape(8, 8, 128), 256, 128),
          Geometry.dense(new Shape(5, 3, 7), 9));

  private static TiledProducts products(int shards) {
    return new TiledProducts(Format.BF16, MULTIPROCESSORS, 90, Layout.of(shards));
  }

  @Test
  void blocksFillTheDeviceOnceWhereShardsAreFew() {
    for (int shards : List.of(1, 8)) {
      assertEquals(14, products(shards).parts(SECOND_LAYER, 128).blocks());
    }
  }

  @Test
  void manyShardsAreAShareEachSoThatNoneIsCut() {
    Parts parts = products(64).parts(SECOND_LAYER, 128);
    assertEquals(64, parts.blocks());
    assertEquals(64, parts.count());
  }

  /** 4 x 4 pixels of 512 channels: 144 tiles for 264 places leave nearly half of them idle. */
  @Test
  void shortImagesOfManyChannelsTakeSeveralRounds() {
    Shape shape = new Shape(4, 4, 512);
    Geometry last = Geometry.window(shape, shape, new Window(3, 1, 1));
    assertEquals(8, products(8).parts(last, 512).blocks());
  }

  @Test
  void eachShardButTheFirstBeginsAnotherPart() {
    assertEquals(14, products(1).parts(SECOND_LAYER, 128).count());
    assertEquals(21, products(8).parts(SECOND_LAYER, 128).count());
  }

  @Test
  void aShareIsOfWholeSlabs() {
    for (Geometry geometry : GEOMETRIES) {
      for (int images = 1; images < 300; images++) {
        assertEquals(0, products(8).parts(geometry, images).share() % 64);
      }
    }
  }

  @Test
  void thereIsRoomForThePartsOfEveryMinibatch() {
    for (int batch : List.of(128, 5000)) {
      for (Geometry geometry : GEOMETRIES) {
        TiledProducts products = products(8);
        int room = products.mostParts(geometry, batch);
        IntStream.rangeClosed(1, batch)
            .mapToObj(images -> products.parts(geometry, images))
            .map(Parts::count)
            .forEach(count -> assertTrue(count <= room, () -> count + " parts of " + room));
      }
    }
  }
}
