package belay.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a synthetic image shows; its ordinal is the label. A figure is a function that is positive
 * inside, negative outside, and grows by about one a unit of length across the edge, so that edges
 * can be drawn smoothly. Shapes fill the circle of radius 1; textures cover the plane.
 */
enum Figure {
  DISC(false) {
    @Override
    float inside(float x, float y) {
      return 1 - length(x, y);
    }
  },
  RING(false) {
    @Override
    float inside(float x, float y) {
      return 0.25f - Math.abs(length(x, y) - 0.75f);
    }
  },
  SQUARE(false) {
    @Override
    float inside(float x, float y) {
      return 0.85f - Math.max(Math.abs(x), Math.abs(y));
    }
  },
  TRIANGLE(false) {
    @Override
    float inside(float x, float y) {
      // Distances to the three sides of an equilateral triangle whose corners have radius 1.
      float side = 0.8660254f * Math.abs(x) - 0.5f * y;
      return 0.55f - Math.max(side, y);
    }
  },
  CROSS(false) {
    @Override
    float inside(float x, float y) {
      float small = Math.min(Math.abs(x), Math.abs(y));
      float large = Math.max(Math.abs(x), Math.abs(y));
      return Math.min(0.3f - small, 1 - large);
    }
  },
  HORIZONTAL_STRIPES(true) {
    @Override
    float inside(float x, float y) {
      return wave(y);
    }
  },
  VERTICAL_STRIPES(true) {
    @Override
    float inside(float x, float y) {
      return wave(x);
    }
  },
  DIAGONAL_STRIPES(true) {
    @Override
    float inside(float x, float y) {
      return wave(0.70710677f * (x + y));
    }
  },
  CHECKERS(true) {
    @Override
    float inside(float x, float y) {
      float across = wave(x);
      float down = wave(y);
      float edge = Math.min(Math.abs(across), Math.abs(down));
      return across * down > 0 ? edge : -edge;
    }
  },
  DOTS(true) {
    @Override
    float inside(float x, float y) {
      return 0.6f - length(1 - Math.abs(remainder(x)), 1 - Math.abs(remainder(y)));
    }
  };

  private final boolean texture;

  Figure(boolean texture) {
    this.texture = texture;
  }

  /** The figure at a point in its own coordinates. */
  abstract float inside(float x, float y);

  /** Whether it covers the whole image rather than standing in it. */
  boolean isTexture() {
    return texture;
  }

  /** The class names in the order of the labels: disc, ring, ... */
  static List<String> classNames() {
    return Arrays.stream(values())
        .map(figure -> figure.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  /** A triangle wave of period 2 between -0.5 and 0.5. */
  private static float wave(float t) {
    return Math.abs(remainder(t)) - 0.5f;
  }

  /** t modulo 2, in [-1, 1). */
  private static float remainder(float t) {
    return t - 2 * (float) Math.floor(0.5f * (t + 1));
  }

  private static float length(float x, float y) {
    return (float) Math.sqrt(x * x + y * y);
  }
}
