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

  /** Takes the frames of videos one after another. */
  @FunctionalInterface
  public interface FrameVisitor {
    /**
     * Takes one.
     *
     * @param video its number among the usable ones
     * @param at its number there
     * @param frame a clip of one
     * @return whether another one is wanted
     */
    boolean take(int video, int at, Clip frame) throws IOException;
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
    VideoScan found;
    try {
      found = VideoScan.of(path, (h, w) -> requireSize(name, h, w));
    } catch (SizeException e) {
      throw new VideoException(path.toString(), e.reason);
    } catch (IOException e) {
      if (strict) {
        throw e;
      }
      dropped.add(new Dropped(name, "unreadable: " + Pictures.reason(e, path)));
      return;
    }
    int frames = found.frames();
    if (rule.lastBegin(frames) >= 0) {
      videos.add(new Video(path, name, frames, found.height(), found.width()));
      if (found.seam() != null) {
        dropped.add(new Dropped(name + " after frame " + frames, found.seam()));
      }
      return;
    }
    String why =
        found.seam() == null
            ? "too short: %d frames, %d are wanted".formatted(frames, rule.needed())
            : "only %d frames go together, %d are wanted: %s"
                .formatted(frames, rule.needed(), found.seam());
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
    SetFolders.requireApart(role, folder, other.role, other.folder);
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

  /** Where a clip is. */
  public Drawn place(int clip) {
    return drawn.get(clip);
  }

  /** Name of a clip: its video and the frame that it begins with. */
  public String name(int clip) {
    return name(drawn.get(clip));
  }

  /** Name of any clip that could have been drawn. */
  public String name(Drawn place) {
    return videos.get(place.video()).name + " from " + place.begin();
  }

  /** Frames of each usable video; the clips may come from some of them alone. */
  public List<Integer> lengths() {
    return videos.stream().map(Video::frames).toList();
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
    return clip(drawn.get(number));
  }

  /** Any clip that could have been drawn, decoded now. */
  public Clip clip(Drawn place) throws IOException {
    Video video = videos.get(place.video());
    int[] indices = rule.indices(place.begin());
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
    return loading.applied(Clip.of(name(place), video.height, video.width, frames));
  }

  /** Every frame of every usable video, in order. */
  public void everyFrame(FrameVisitor visitor) throws IOException {
    for (int v = 0; v < videos.size(); v++) {
      Video video = videos.get(v);
      try (FrameSource source = VideoReader.open(video.path, ReadLimits.DEFAULT)) {
        byte[] frame = new byte[source.frameBytes()];
        for (int at = 0; at < video.frames && source.next(frame); at++) {
          String name = video.name + " frame " + at;
          Clip one = Clip.of(name, video.height, video.width, List.of(frame.clone()));
          if (!visitor.take(v, at, loading.applied(one))) {
            return;
          }
        }
      }
    }
  }

  /**
   * Frames of the usable videos as clips of one frame, in order.
   *
   * @param most frames
   */
  public void frames(int most, Visitor visitor) throws IOException {
    int[] taken = {0};
    everyFrame((video, at, frame) -> visitor.take(taken[0], frame) && ++taken[0] < most);
  }
}
