package belay.data.source;

import belay.data.ImageShape;
import belay.data.picture.PictureFile;
import belay.error.BelayException;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.log.ProgressLine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decodes pictures on several threads. Each picture has its place among the pixels before the first
 * one is opened, so that the threads cannot change the result.
 */
final class PictureCrew {
  private static final Logger LOG = System.getLogger("belay.data");

  private final PictureList list;
  private final List<PictureList.Entry> entries;
  private final ImageShape shape;
  private final Planes train;
  private final Planes test;
  private final String[] problems; // by picture; null for one that was read
  private final SizeRange[] sizes;
  private final AtomicInteger next = new AtomicInteger();

  PictureCrew(PictureList list, ImageShape shape) {
    this.list = list;
    this.entries = list.all();
    this.shape = shape;
    this.train = Planes.allocate(list.root(), list.train().size(), shape);
    this.test = Planes.allocate(list.root(), list.test().size(), shape);
    this.problems = new String[entries.size()];
    this.sizes = new SizeRange[entries.size()];
  }

  /**
   * @throws StoppedException if it was asked to stop
   * @throws belay.data.picture.UnreadPictureException if a picture could not be looked at
   */
  Images decode(Reading how) {
    ExecutorService threads = Executors.newFixedThreadPool(how.threads());
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < how.threads(); i++) {
        work.add(threads.submit(this::decodeSome));
      }
      for (Future<?> one : work) {
        await(one, how);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof BelayException problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw stopped();
    } finally {
      next.set(entries.size());
      threads.shutdownNow();
    }
    return images();
  }

  private void await(Future<?> one, Reading how) throws ExecutionException, InterruptedException {
    while (!how.stop().getAsBoolean()) {
      try {
        one.get(500, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        tell(Math.min(next.get(), entries.size()));
      }
    }
    throw stopped();
  }

  private void tell(int done) {
    String text = "pictures=%d/%d".formatted(done, entries.size());
    LOG.log(Level.INFO, "{0}", new ProgressLine(done, entries.size(), text));
  }

  private StoppedException stopped() {
    return new StoppedException(
        "Decoding of pictures in %s stopped; the same command begins it anew"
            .formatted(list.root()));
  }

  private void decodeSome() {
    for (int i = next.getAndIncrement(); i < entries.size(); i = next.getAndIncrement()) {
      decode(i);
    }
  }

  private void decode(int i) {
    PictureList.Entry entry = entries.get(i);
    boolean isTrain = i < train.count();
    int row = isTrain ? i : i - train.count();
    Planes target = isTrain ? train : test;
    target.labels()[row] = (byte) entry.label();
    try {
      PictureFile picture =
          PictureFile.read(
              entry.file(), shape, target.pixels(), Math.toIntExact(row * shape.bytes()));
      sizes[i] = SizeRange.of(picture.width(), picture.height());
    } catch (DataException e) {
      problems[i] = e.getMessage();
    }
  }

  private Images images() {
    boolean[] isGoodTrain = new boolean[train.count()];
    boolean[] isGoodTest = new boolean[test.count()];
    List<String> damaged = new ArrayList<>();
    SizeRange range = SizeRange.NONE;
    for (int i = 0; i < problems.length; i++) {
      boolean isGood = problems[i] == null;
      if (i < train.count()) {
        isGoodTrain[i] = isGood;
      } else {
        isGoodTest[i - train.count()] = isGood;
      }
      if (isGood) {
        range = range.and(sizes[i]);
      } else {
        damaged.add(problems[i]);
      }
    }
    int bytes = Math.toIntExact(shape.bytes());
    boolean isWhole = damaged.isEmpty();
    return new Images(
        Labels.dataset(
            shape,
            list.classNames(),
            isWhole ? train : train.part(isGoodTrain, true, bytes),
            isWhole ? test : test.part(isGoodTest, true, bytes)),
        damaged.stream().sorted().toList(),
        range);
  }
}
