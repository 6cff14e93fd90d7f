package belay.data.augment;

/**
 * What is drawn for an image in an epoch, each by the number of its place here, which is part of
 * the result; kernels/recipe.cuh has the same list.
 */
enum Draw {
  MIRROR,
  DOWN,
  ACROSS,
  SQUARE_TOP,
  SQUARE_LEFT,
  BRIGHTNESS,
  CONTRAST,
  SATURATION,
  HUE,
  BOX_SIDE,
  BOX_RATIO,
  BOX_TOP,
  BOX_LEFT,
  PARTNER,
  KIND,
  SHARE,
  RECTANGLE_TOP,
  RECTANGLE_LEFT,
  OPERATION,
  DIRECTION
}
