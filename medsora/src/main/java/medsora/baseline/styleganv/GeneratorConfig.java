package medsora.baseline.styleganv;

import java.util.List;

/**
 * The sizes of a generator.
 *
 * @param z width of the noise of a clip
 * @param w width of its content code
 * @param mappingLayers linear layers from z to w
 * @param motion how times become codes
 * @param channels of the blocks: 4x4 pixels, 8x8 and so on
 * @param clamp largest magnitude of what a layer gives, 256 as published
 */
public record GeneratorConfig(
    int z, int w, int mappingLayers, Motion motion, List<Integer> channels, float clamp) {
  /** Side of the first block. */
  static final int FIRST = 4;

  private static final int MOST_BLOCKS = 9;

  /**
   * How times become codes.
   *
   * @param z width of the noise of a moment
   * @param u width of a motion code
   * @param distance frames from one moment to the next
   * @param taps of the two convolutions over moments
   * @param frequencies of the waves that a time is told by
   * @param shortest period of them, in frames
   * @param longest period
   */
  public record Motion(
      int z, int u, int distance, int taps, int frequencies, double shortest, double longest) {
    public Motion {
      if (z < 1 || u < 1 || distance < 1 || taps < 1 || frequencies < 1) {
        throw new IllegalArgumentException(
            "[styleganv] sizes of the motion want 1 and more: z %d, u %d, distance %d, taps %d, %d frequencies"
                .formatted(z, u, distance, taps, frequencies));
      }
      if (!(shortest > 0 && longest >= shortest && longest < Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "[styleganv] periods from %s to %s".formatted(shortest, longest));
      }
    }

    /** Width of the code of a frame: a sine and a cosine of each frequency. */
    public int v() {
      return 2 * frequencies;
    }

    /** Moments that both convolutions together take away. */
    public int lost() {
      return 2 * (taps - 1);
    }

    /** Moments whose noise is needed for frames from time 0 to {@code last}. */
    public int moments(double last) {
      return Math.addExact((int) Math.floor(last / distance), 2 + lost());
    }
  }

  public GeneratorConfig {
    channels = List.copyOf(channels);
    if (z < 1
        || w < 1
        || mappingLayers < 1
        || channels.isEmpty()
        || channels.size() > MOST_BLOCKS
        || channels.stream().anyMatch(c -> c < 1)) {
      throw new IllegalArgumentException(
          "[styleganv] sizes want 1 and more, and up to %d blocks: z %d, w %d, %d mapping layers, channels %s"
              .formatted(MOST_BLOCKS, z, w, mappingLayers, channels));
    }
    if (!(clamp > 0)) {
      throw new IllegalArgumentException("[styleganv] clamp wants more than 0, got " + clamp);
    }
  }

  /** 128x128 pixels, as Endora's authors trained it for the comparison. */
  public static final GeneratorConfig PUBLISHED =
      new GeneratorConfig(
          512,
          512,
          2,
          new Motion(512, 512, 16, 11, 256, 16, 1024),
          List.of(512, 512, 512, 512, 256, 128),
          256);

  /** Pixels along a side of the frames. */
  public int side() {
    return side(channels.size() - 1);
  }

  /** The side of a block. */
  static int side(int block) {
    return FIRST << block;
  }
}
