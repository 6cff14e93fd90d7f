package belay.backend;

/** What training minimises: the mean over the images of a minibatch of each image's loss. */
public sealed interface Objective {
  <R> R accept(Cases<R> cases);

  /** An answer for each objective: a backend fails to compile until it knows a new one. */
  interface Cases<R> {
    R reconstruction(Reconstruction reconstruction);

    R crossEntropy(CrossEntropy crossEntropy);
  }

  /**
   * An image's loss is the mean over its values of (y - x)^2, between the network's output y and
   * the image x as the network reads it, or before noise was put on what it reads.
   */
  record Reconstruction() implements Objective {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.reconstruction(this);
    }
  }

  /**
   * An image's loss is -sum over classes k of t_k log p_k, with p = softmax of scale times the
   * network's logits and t_k = smoothing / classes, to which the image's own class adds 1 -
   * smoothing (Szegedy et al. 2016, arXiv:1512.00567, section 7). Of a mixture of two images t is
   * the mixture of theirs, by their shares, and the class with the larger one is right.
   *
   * @param smoothing 0 for none, below 1
   * @param scale above 0, usually 1
   */
  record CrossEntropy(float smoothing, float scale) implements Objective {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.crossEntropy(this);
    }
  }
}
