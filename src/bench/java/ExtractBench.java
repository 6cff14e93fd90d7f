import belay.backend.EncodePlan;
import belay.backend.EncodePlan.Encoding;
import belay.backend.Precision;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Encoding of 60,000 random images on a GPU and the copy of their features to the host, without any
 * file: batch by batch into an array, and with two batches on their way to page-locked memory.
 *
 * <pre>
 * java -cp target/belay.jar src/bench/java/ExtractBench.java NETWORK PRECISION BATCH
 * </pre>
 */
public final class ExtractBench {
  private static final int IMAGES = 60_000;

  public static void main(String[] args) throws Exception {
    Network network = Network.parse("bench", Files.readString(Path.of(args[0])));
    Precision precision = Precision.valueOf(args[1]);
    int batch = Integer.parseInt(args[2]);
    ImageFormat format = ImageFormat.CIFAR10;
    byte[] pixels = new byte[IMAGES * format.imageBytes()];
    new Random(1).nextBytes(pixels);
    ImageSet images = new ImageSet(format, pixels, new byte[IMAGES]);
    float[] weights = Initializer.XAVIER.initialize(network, 1);
    try (CudaBackend backend = new CudaBackend(new CudaSettings(0, "auto", precision));
        EncodePlan plan = backend.compileEncoding(network, Mark.LATENT, batch, images, weights)) {
      int values = batch * network.latent().size();
      float[] array = new float[values];
      ByteBuffer[] buffers = {plan.allocate(4 * values), plan.allocate(4 * values)};
      for (int turn = 0; turn < 3; turn++) {
        long began = System.nanoTime();
        for (int first = 0; first < IMAGES; first += batch) {
          plan.encode(first, Math.min(batch, IMAGES - first), array);
        }
        say("into an array", began, network);
        began = System.nanoTime();
        Encoding before = () -> {};
        for (int i = 0; i * batch < IMAGES; i++) {
          Encoding now = plan.begin(i * batch, Math.min(batch, IMAGES - i * batch), buffers[i % 2]);
          before.await();
          before = now;
        }
        before.await();
        say("two on their way, page-locked", began, network);
      }
    }
  }

  private static void say(String what, long began, Network network) {
    double seconds = (System.nanoTime() - began) * 1e-9;
    System.out.printf(
        "%-30s %.3f s %,9.0f images/s %5.1f GB/s%n",
        what, seconds, IMAGES / seconds, 4e-9 * IMAGES * network.latent().size() / seconds);
  }
}
