package belay.net;

/** What a value is to those who run a program. */
public enum Mark {
  /** The features that extraction writes. */
  LATENT,

  /** The reconstruction: what the loss compares with the input. */
  OUTPUT,

  /** A score for each class, before softmax: what the loss compares with the label. */
  LOGITS
}
