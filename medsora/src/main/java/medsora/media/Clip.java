package medsora.media;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A short video held in memory: the one form in which clips travel between readers, data sets,
 * networks, metrics, reports and writers. It holds either the RGB bytes that were read or rendered,
 * or the planar floats that a network computed; each is given as the other on demand ({@link
 * PixelScale}). Bytes survive the way to floats and back; floats do not survive the way to bytes.
 *
 * <p>Never changes; the arrays that it takes and gives are its own and must not be written to.
 * Longer videos are read one frame at a time ({@link FrameSource}).
 */
public final class Clip {
  private static final int CHANNELS = 3;

  /** What is held. */
  private sealed interface Pixels {
    /** One {@code [height, width, 3]} array a frame. */
    record Bytes(List<byte[]> frames) implements Pixels {}

    /** {@code [3, length, height, width]}. */
    record Values(float[] planes) implements Pixels {}
  }

  private final String source;
  private final OptionalDouble rate;
  private final int length;
  private final int height;
  private final int width;
  private final Pixels pixels;
  private final Optional<Label> label;

  private Clip(
      String source, OptionalDouble rate, int length, int height, int width, Pixels pixels) {
    this(source, rate, length, height, width, pixels, Optional.empty());
  }

  private Clip(
      String source,
      OptionalDouble rate,
      int length,
      int height,
      int width,
      Pixels pixels,
      Optional<Label> label) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "[clip] " + source + ": frame size " + width + "x" + height + " is not positive");
    }
    this.source = source;
    this.rate = rate;
    this.length = length;
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.label = label;
  }

  /**
   * A clip of bytes at an unknown rate.
   *
   * @param source where it came from, for messages
   * @param frames each {@code [height, width, 3]}, RGB, row by row
   */
  public static Clip of(String source, int height, int width, List<byte[]> frames) {
    List<byte[]> own = List.copyOf(frames);
    long bytes = (long) CHANNELS * height * width;
    for (int i = 0; i < own.size(); i++) {
      if (own.get(i).length != bytes) {
        throw new IllegalArgumentException(
            "[clip] %s: frame %d has %d bytes, %dx%d RGB wants %d"
                .formatted(source, i, own.get(i).length, width, height, bytes));
      }
    }
    return new Clip(
        source, OptionalDouble.empty(), own.size(), height, width, new Pixels.Bytes(own));
  }

  /**
   * A clip of floats at an unknown rate.
   *
   * @param source where it came from, for messages
   * @param values [3, length, height, width] in [-1, 1]; generated ones may lie a little outside
   */
  public static Clip of(String source, int length, int height, int width, float[] values) {
    long wanted = (long) CHANNELS * length * height * width;
    if (values.length != wanted) {
      throw new IllegalArgumentException(
          "[clip] %s: %d frames of %dx%d want %d values, got %d"
              .formatted(source, length, width, height, wanted, values.length));
    }
    return new Clip(
        source, OptionalDouble.empty(), length, height, width, new Pixels.Values(values));
  }

  /** A clip of the values of {@code x} [1, 3, length, height, width] at an unknown rate. */
  public static Clip of(String source, Tensor x) {
    if (x.shape().rank() != 5 || x.dim(0) != 1 || x.dim(1) != CHANNELS) {
      throw new IllegalArgumentException(
          "[clip] " + source + ": wants [1,3,length,height,width], got " + x.shape());
    }
    return of(source, x.dim(2), x.dim(3), x.dim(4), x.toArray());
  }

  /** Where it came from, for messages. */
  public String source() {
    return source;
  }

  /** Number of frames; may be 0. */
  public int length() {
    return length;
  }

  /** Rows of every frame. */
  public int height() {
    return height;
  }

  /** Columns of every frame. */
  public int width() {
    return width;
  }

  /** Frames per second, where that is known. */
  public OptionalDouble rate() {
    return rate;
  }

  /**
   * Frames per second.
   *
   * @throws IllegalArgumentException where that is not known
   */
  double knownRate() {
    return rate.orElseThrow(() ->
        new IllegalArgumentException(
            "[clip] " + source + ": its frame rate is not known; give it one with at(rate)"));
  }

  /**
   * The same frames at a rate.
   *
   * @param framesPerSecond above 0
   */
  public Clip at(double framesPerSecond) {
    if (!(framesPerSecond > 0 && framesPerSecond < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "[clip] " + source + ": " + framesPerSecond + " frames per second is no rate");
    }
    OptionalDouble known = OptionalDouble.of(framesPerSecond);
    return new Clip(source, known, length, height, width, pixels, label);
  }

  /** The same frames under another source. */
  public Clip from(String other) {
    return new Clip(other, rate, length, height, width, pixels, label);
  }

  /** The same frames with a text that writers put into the files of this clip. */
  public Clip labelled(Label text) {
    return new Clip(source, rate, length, height, width, pixels, Optional.of(text));
  }

  /** What its files are to say of it. */
  public Optional<Label> label() {
    return label;
  }

  /** Each frame as RGB bytes [height, width, 3], row by row. */
  public List<byte[]> frames() {
    return switch (pixels) {
      case Pixels.Bytes b -> b.frames;
      case Pixels.Values v -> IntStream.range(0, length).mapToObj(t -> bytes(v.planes, t)).toList();
    };
  }

  private byte[] bytes(float[] planes, int t) {
    int plane = height * width;
    byte[] out = new byte[CHANNELS * plane];
    for (int c = 0; c < CHANNELS; c++) {
      int from = (c * length + t) * plane;
      for (int i = 0; i < plane; i++) {
        out[CHANNELS * i + c] = PixelScale.toByte(planes[from + i]);
      }
    }
    return out;
  }

  /** All frames as [3, length, height, width] in [-1, 1], those of generated clips about so. */
  public float[] values() {
    return switch (pixels) {
      case Pixels.Bytes b -> planes(b.frames);
      case Pixels.Values v -> v.planes;
    };
  }

  private float[] planes(List<byte[]> frames) {
    int plane = height * width;
    float[] out = new float[Math.multiplyExact(CHANNELS * plane, length)];
    for (int t = 0; t < length; t++) {
      byte[] frame = frames.get(t);
      for (int c = 0; c < CHANNELS; c++) {
        int to = (c * length + t) * plane;
        for (int i = 0; i < plane; i++) {
          out[to + i] = PixelScale.value(frame[CHANNELS * i + c]);
        }
      }
    }
    return out;
  }

  /** {@link #values} as a tensor [1, 3, length, height, width], a batch of one. */
  public Tensor tensor() {
    return Tensor.of(Shape.of(1, CHANNELS, length, height, width), values());
  }

  /** What a viewer sees: the clip of its frames' bytes. */
  public Clip shown() {
    return new Clip(source, rate, length, height, width, new Pixels.Bytes(frames()), label);
  }

  /** The first frames. */
  public Clip first(int count) {
    Clip picked = pick(IntStream.range(0, count).toArray());
    return new Clip(source, rate, count, height, width, picked.pixels);
  }

  /**
   * Some of the frames, at an unknown rate.
   *
   * @param numbers of the frames in their new order, from 0
   */
  public Clip pick(int... numbers) {
    Pixels picked =
        switch (pixels) {
          case Pixels.Bytes b ->
              new Pixels.Bytes(Arrays.stream(numbers).mapToObj(b.frames::get).toList());
          case Pixels.Values v -> new Pixels.Values(picked(v.planes, numbers));
        };
    return new Clip(source, OptionalDouble.empty(), numbers.length, height, width, picked);
  }

  private float[] picked(float[] planes, int[] numbers) {
    int plane = height * width;
    float[] out = new float[CHANNELS * numbers.length * plane];
    for (int i = 0; i < CHANNELS * numbers.length; i++) {
      int from = (i / numbers.length * length) + numbers[i % numbers.length];
      System.arraycopy(planes, from * plane, out, i * plane, plane);
    }
    return out;
  }

  /** Mirrored left and right. */
  public Clip mirrored() {
    Pixels mirrored =
        switch (pixels) {
          case Pixels.Bytes b -> {
            List<byte[]> frames = new ArrayList<>();
            b.frames.forEach(frame -> frames.add(mirrored(frame)));
            yield new Pixels.Bytes(List.copyOf(frames));
          }
          case Pixels.Values v -> new Pixels.Values(mirrored(v.planes));
        };
    return new Clip(source, rate, length, height, width, mirrored);
  }

  private byte[] mirrored(byte[] frame) {
    byte[] out = new byte[frame.length];
    int row = CHANNELS * width;
    for (int i = 0; i < frame.length; i++) {
      int x = i % row / CHANNELS;
      out[i] = frame[i + CHANNELS * (width - 1 - 2 * x)];
    }
    return out;
  }

  private float[] mirrored(float[] planes) {
    float[] out = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      out[i] = planes[i + width - 1 - 2 * (i % width)];
    }
    return out;
  }

  @Override
  public String toString() {
    return "%s: %d frames of %dx%d".formatted(source, length, width, height);
  }
}
