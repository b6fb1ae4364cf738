package medsora.metric.protocol;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import medsora.media.FrameSource;
import medsora.media.Pictures;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoFolder.Dropped;
import medsora.media.VideoReader;
import medsora.metric.protocol.ClipRule.Drawn;
import org.jspecify.annotations.Nullable;

/**
 * The clips of a folder that a protocol judges: its videos in the order of their names, one clip of
 * each, all frames of one size once they are loaded. Nothing but names and lengths is held; frames
 * are decoded when they are asked for.
 *
 * <p>Videos that are too short for the real set are left out, as StyleGAN-V does; in the generated
 * set each is an error.
 */
public final class ClipSet {
  /** A video: where, its name, its frames and their size in the file. */
  private record Video(Path path, String name, int frames, int height, int width) {}

  /** Takes clips one after another. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one.
     *
     * @param number of the clip in the set
     * @return whether another one is wanted
     */
    boolean take(int number, Clip clip) throws IOException;
  }

  private final String role;
  private final Path folder;
  private final ClipRule rule;
  private final Loading loading;
  private final List<Video> videos = new ArrayList<>();
  private final List<Dropped> dropped = new ArrayList<>();
  private List<Drawn> drawn = List.of();
  private int height;
  private int width;
  private @Nullable String first;

  private ClipSet(String role, Path folder, ClipRule rule, Loading loading) {
    this.role = role;
    this.folder = folder;
    this.rule = rule;
    this.loading = loading;
  }

  /**
   * Looks through a folder.
   *
   * @param role of the set, "real" or "generated", for messages
   * @param strict whether a video that is too short or unreadable is an error
   * @param seed of the draws
   * @throws IOException naming the video, where sizes differ or, if {@code strict}, where one
   *     cannot be used; and where fewer than two clips remain
   */
  public static ClipSet open(
      String role, Path folder, ClipRule rule, Loading loading, boolean strict, long seed)
      throws IOException {
    ClipSet set = new ClipSet(role, folder, rule, loading);
    VideoFolder list = VideoFolder.list(folder);
    set.dropped.addAll(list.ignored());
    for (Path path : list.videos()) {
      set.scan(path, list.name(path), strict);
    }
    set.drawn = rule.draw(set.videos.stream().map(Video::frames).toList(), seed);
    if (set.drawn.size() < 2) {
      throw new VideoException(
          folder.toString(),
          "the %s set has %d usable clip%s, two are the least%s"
              .formatted(
                  role,
                  set.drawn.size(),
                  set.drawn.size() == 1 ? "" : "s",
                  Dropped.list(set.dropped)));
    }
    return set;
  }

  private void scan(Path path, String name, boolean strict) throws IOException {
    int frames = 0;
    int h;
    int w;
    try (FrameSource source = VideoReader.open(path, ReadLimits.DEFAULT)) {
      int section = source.section();
      byte[] frame = new byte[source.frameBytes()];
      h = source.height();
      w = source.width();
      requireSize(name, h, w);
      while (source.section() == section && source.next(frame)) {
        frames++;
      }
    } catch (SizeException e) {
      throw new VideoException(path.toString(), e.reason);
    } catch (IOException e) {
      if (strict) {
        throw e;
      }
      dropped.add(new Dropped(name, "unreadable: " + Pictures.reason(e, path)));
      return;
    }
    if (rule.lastBegin(frames) >= 0) {
      videos.add(new Video(path, name, frames, h, w));
      return;
    }
    String why = "too short: %d frames, %d are wanted".formatted(frames, rule.needed());
    if (strict) {
      throw new VideoException(path.toString(), why);
    }
    dropped.add(new Dropped(name, why));
  }

  /** Told apart from a file that cannot be read. */
  private static final class SizeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    SizeException(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private void requireSize(String name, int h, int w) {
    boolean kept = loading.side() == 0;
    if (first == null) {
      first = name;
      height = kept ? h : loading.side();
      width = kept ? w : loading.side();
    }
    if (kept && (h != height || w != width)) {
      throw new SizeException(
          "is %dx%d, %s is %dx%d: all clips of a set are of one size; bring them to it first"
              .formatted(w, h, first, width, height));
    }
  }

  /** Refuses sets that cannot be compared: of one folder, or of different sizes. */
  public void requireComparable(ClipSet other) throws IOException {
    Path here = folder.toRealPath();
    Path there = other.folder.toRealPath();
    if (here.startsWith(there) || there.startsWith(here)) {
      throw new IllegalArgumentException(
          "[evaluate] the %s and the %s set share a folder: %s and %s"
              .formatted(role, other.role, folder, other.folder));
    }
    if (other.width != width || other.height != height) {
      throw new IllegalArgumentException(
          "[evaluate] the %s frames are %dx%d, the %s ones %dx%d: bring both to one size first, or"
                  .formatted(role, width, height, other.role, other.width, other.height)
              + " take --protocol endora, which does");
    }
  }

  /** Number of clips. */
  public int count() {
    return drawn.size();
  }

  /** Rows of a frame, once it is loaded. */
  public int height() {
    return height;
  }

  /** Columns of a frame, once it is loaded. */
  public int width() {
    return width;
  }

  /** Number of frames of all usable videos together. */
  public long frames() {
    return videos.stream().mapToLong(Video::frames).sum();
  }

  /** What is not used, and why. */
  public List<Dropped> dropped() {
    return List.copyOf(dropped);
  }

  /** Role of the set, for messages. */
  public String role() {
    return role;
  }

  /** What is done to its frames. */
  public Loading loading() {
    return loading;
  }

  /** The rule of its clips. */
  public ClipRule rule() {
    return rule;
  }

  /** Name of a clip: its video and the frame that it begins with. */
  public String name(int clip) {
    Drawn d = drawn.get(clip);
    return videos.get(d.video()).name + " from " + d.begin();
  }

  /** All clips in their order. */
  public void clips(Visitor visitor) throws IOException {
    for (int i = 0; i < drawn.size(); i++) {
      if (!visitor.take(i, clip(i))) {
        return;
      }
    }
  }

  /** One clip, decoded now. */
  public Clip clip(int number) throws IOException {
    Drawn d = drawn.get(number);
    Video video = videos.get(d.video());
    int[] indices = rule.indices(d.begin());
    List<byte[]> frames = new ArrayList<>();
    try (FrameSource source = VideoReader.open(video.path, ReadLimits.DEFAULT)) {
      byte[] frame = new byte[source.frameBytes()];
      for (int at = 0; frames.size() < indices.length; at++) {
        if (!source.next(frame)) {
          throw new VideoException(video.path.toString(), "has become shorter meanwhile");
        }
        if (at == indices[frames.size()]) {
          frames.add(frame.clone());
        }
      }
    }
    return loading.applied(Clip.of(name(number), video.height, video.width, frames));
  }

  /**
   * Frames of the usable videos as clips of one frame, in order.
   *
   * @param most frames
   */
  public void frames(int most, Visitor visitor) throws IOException {
    int number = 0;
    for (Video video : videos) {
      try (FrameSource source = VideoReader.open(video.path, ReadLimits.DEFAULT)) {
        byte[] frame = new byte[source.frameBytes()];
        for (int at = 0; at < video.frames && number < most && source.next(frame); at++) {
          Clip one =
              Clip.of(
                  video.name + " frame " + at, video.height, video.width, List.of(frame.clone()));
          if (!visitor.take(number++, loading.applied(one))) {
            return;
          }
        }
      }
    }
  }
}
