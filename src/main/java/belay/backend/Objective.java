package belay.backend;

/** What training minimises: the mean over the images of a minibatch of each image's loss. */
public sealed interface Objective {
  <R> R accept(Cases<R> cases);

  /** An answer for each objective: a backend fails to compile until it knows a new one. */
  interface Cases<R> {
    R reconstruction(Reconstruction reconstruction);
  }

  /**
   * An image's loss is the mean over its values of (y - x)^2, between the network's output y and
   * the image x as the network reads it.
   */
  record Reconstruction() implements Objective {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.reconstruction(this);
    }
  }
}
