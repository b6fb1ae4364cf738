package medsora.baseline.downstream;

import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import medsora.media.Clip;
import medsora.media.ReadOptions;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoReader;

/**
 * Clips in memory, some with a class: of each the frames that a network sees, as bytes whose short
 * side is no longer than any view of them needs.
 *
 * @param names of the classes, the second is what F1 is counted of; empty where clips have none
 */
public record Examples(List<String> names, List<Example> examples) {
  /** Classes of the task. */
  public static final int CLASSES = 2;

  /** Frames of one video that are looked at; more are no clip. */
  private static final int MOST_FRAMES = 1 << 16;

  /**
   * A clip.
   *
   * @param label its class, -1 where it has none
   * @param height of its frames
   * @param frames [3, height, width] each, 0 to 255
   */
  public record Example(String name, int label, int height, int width, List<float[]> frames) {}

  /**
   * How frames are read.
   *
   * @param frames of a clip that are seen
   * @param side of a view
   * @param sampling which frames
   */
  public record Reading(int frames, int side, Sampling sampling) {
    /** Short side that no view exceeds. */
    int longest() {
      return Views.longest(side);
    }
  }

  /** Which frames of a video are seen. */
  public enum Sampling {
    /**
     * As released: as many frames as a window of 256 frames at 30 a second has steps, from the
     * first on; what lies behind the end is the last frame. Of a short clip that is mostly the last
     * frame.
     */
    RELEASED,
    /** Spread over the whole video. */
    SPREAD;

    private static final int WINDOW = 32;
    private static final double RATE = 30;

    /** The frames of a video. */
    int[] indices(int length, double rate, int frames) {
      double end = this == SPREAD ? length - 1 : (double) frames * WINDOW * rate / RATE - 1;
      int[] out = new int[frames];
      for (int i = 0; i < frames; i++) {
        double at = frames == 1 ? 0 : end * i / (frames - 1);
        out[i] = (int) Math.max(0, Math.min(length - 1, at));
      }
      return out;
    }
  }

  public Examples {
    names = List.copyOf(names);
    examples = List.copyOf(examples);
  }

  /**
   * Clips of two classes, a folder each, the classes in the order of their names.
   *
   * @param most of each class, the first by name; 0 for all
   * @throws IOException where there are not two folders, or one has no clips, or one is unreadable
   */
  public static Examples labelled(Path folder, Reading reading, int most) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("[downstream] " + folder + " is no folder");
    }
    List<Path> classes;
    try (Stream<Path> inside = Files.list(folder)) {
      classes = inside.filter(Files::isDirectory).sorted().toList();
    }
    if (classes.size() != CLASSES) {
      throw new IOException(
          "[downstream] %s wants two folders, one of each class, and has %d"
              .formatted(folder, classes.size()));
    }
    List<String> names = new ArrayList<>();
    List<Example> all = new ArrayList<>();
    for (int label = 0; label < CLASSES; label++) {
      names.add(String.valueOf(classes.get(label).getFileName()));
      all.addAll(read(classes.get(label), label, reading, most));
    }
    return new Examples(names, all);
  }

  /** Clips without a class, anywhere below a folder. */
  public static Examples unlabelled(Path folder, Reading reading, int most) throws IOException {
    return new Examples(List.of(), read(folder, -1, reading, most));
  }

  private static List<Example> read(Path folder, int label, Reading reading, int most)
      throws IOException {
    List<Path> videos = VideoFolder.list(folder).videos();
    if (videos.isEmpty()) {
      throw new VideoException(folder.toString(), "no clips in it");
    }
    List<Example> out = new ArrayList<>();
    for (Path video : videos) {
      if (most > 0 && out.size() == most) {
        break;
      }
      out.add(example(VideoReader.read(video, ReadOptions.DEFAULT, MOST_FRAMES), label, reading));
    }
    return out;
  }

  /** A clip as it is learned from. */
  static Example example(Clip clip, int label, Reading reading) {
    if (clip.length() == 0) {
      throw new IllegalArgumentException("[downstream] " + clip.source() + " has no frames");
    }
    int[] picked =
        reading.sampling.indices(clip.length(), clip.rate().orElse(Sampling.RATE), reading.frames);
    int height = clip.height();
    int width = clip.width();
    int shorter = Math.min(height, width);
    int h = shorter <= reading.longest() ? height : height * reading.longest() / shorter;
    int w = shorter <= reading.longest() ? width : width * reading.longest() / shorter;
    List<float[]> frames = new ArrayList<>();
    for (byte[] rgb : clip.pick(picked).frames()) {
      float[] planes = new float[rgb.length];
      int plane = height * width;
      for (int i = 0; i < rgb.length; i++) {
        planes[i % 3 * plane + i / 3] = rgb[i] & 0xff;
      }
      frames.add(h == height ? planes : smaller(planes, height, width, h, w));
    }
    return new Example(clip.source(), label, h, w, frames);
  }

  private static float[] smaller(float[] planes, int height, int width, int h, int w) {
    return Resample.bilinear2d(Tensor.of(Shape.of(3, height, width), planes), h, w, false)
        .toArray();
  }

  /** How many clips. */
  public int count() {
    return examples.size();
  }

  /** The classes of all clips. */
  public int[] labels() {
    return examples.stream().mapToInt(Example::label).toArray();
  }
}
