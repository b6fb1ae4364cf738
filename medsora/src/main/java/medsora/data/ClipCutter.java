package medsora.data;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import medsora.media.Clip;
import medsora.media.ClipList;
import medsora.media.FrameCursor;
import medsora.media.FrameSource;
import medsora.media.Pictures;
import medsora.media.ReadOptions;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoFolder.Dropped;
import medsora.media.VideoReader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts long videos into training clips: every {@code stride}-th frame, resized and cropped to a
 * square, {@code frames} to a clip, clip after clip without overlap; none runs across a seam
 * ({@link FrameSource#section}) or holds a black frame. Writes the clips and their list ({@link
 * ClipList}), and accounts for everything left out. Of what a file says beside its pixels, such as
 * comments, EXIF or names of people, nothing is written.
 */
public final class ClipCutter {
  /** Frames per second that an mp4 is shown at where its video does not say. */
  private static final double MP4_RATE = 10;

  /** How a clip is stored. */
  public enum Format {
    /** One lossless png, frames from top to bottom. */
    STRIP,
    /** A folder of lossless png frames. */
    FOLDER,
    /** H.264 in mp4, lossy. */
    MP4
  }

  /** What becomes of black frames (98 of 100 pixels below 16 of 255). */
  public enum Black {
    /** A clip ends before them, and cutting goes on after them. */
    DROP,
    /** They are frames like all others. */
    KEEP
  }

  /**
   * What to cut.
   *
   * @param frames frames per clip, at least 2
   * @param stride distance of the frames taken, at least 1
   * @param size edge of the square frames
   * @param format how clips are stored
   * @param minBrightness clips whose mean value (0..255) is lower are near black and dropped; 8 is
   *     usual
   * @param minChange clips whose frames differ from their first by less than this on average
   *     (0..255) stand still and are dropped; 0 keeps them
   * @param black what becomes of single black frames
   * @param read how videos are read
   */
  public record Options(
      int frames,
      int stride,
      int size,
      Format format,
      double minBrightness,
      double minChange,
      Black black,
      ReadOptions read) {
    public Options {
      if (frames < 2 || stride < 1 || size < 1) {
        throw new IllegalArgumentException(
            "[prepare] frames %d, stride %d, size %d".formatted(frames, stride, size));
      }
    }

    /** The paper's clips: 17 frames, every third. */
    public static Options of(int size) {
      return new Options(17, 3, size, Format.STRIP, 8, 0, Black.DROP, ReadOptions.DEFAULT);
    }
  }

  /**
   * A clip that was written.
   *
   * @param clip file or folder name below the output folder
   * @param source video it comes from
   * @param firstFrame number of its first frame there
   * @param further what further columns of the list say of it, such as a label
   */
  public record Cut(
      String clip,
      String source,
      long firstFrame,
      int stride,
      int frames,
      SortedMap<String, String> further) {
    public Cut {
      further = Collections.unmodifiableSortedMap(new TreeMap<>(further));
    }
  }

  /**
   * What was written and what was left out.
   *
   * @param dropped in order of names
   * @param black how many frames were left out as black
   */
  public record Report(List<Cut> kept, List<Dropped> dropped, long black) {
    public Report {
      kept = List.copyOf(kept);
      dropped = List.copyOf(dropped);
    }
  }

  private final ClipStore store;
  private final Options options;
  private final Consumer<String> progress;
  private final List<Dropped> dropped = new ArrayList<>();
  private final Set<String> hashes = new HashSet<>();
  private long black;

  private ClipCutter(ClipStore store, Options options, Consumer<String> progress) {
    this.store = store;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Cuts every video of a folder. What lists in the folder say of a video beyond its source, such
   * as a label, its clips inherit.
   *
   * @param progress receives one line per video, and one for each remark on it
   * @throws IOException when no clip at all comes out, or the output cannot be written
   */
  public static Report cut(Path source, Path out, Options options, Consumer<String> progress)
      throws IOException {
    VideoFolder list = VideoFolder.list(source, options.read);
    Map<Path, ClipList.Origin> listed = Origins.read(list, note -> {});
    List<VideoToCut> videos = new ArrayList<>();
    for (Path video : list.videos()) {
      ClipList.Origin origin = listed.get(video);
      SortedMap<String, String> further = new TreeMap<>();
      list.group(video).ifPresent(group -> further.put(VideoToCut.GROUP, group));
      further.putAll(origin == null ? Map.of() : origin.further());
      videos.add(new VideoToCut(video, list.name(video), further, VideoToCut.UNLABELLED));
    }
    return cut(new VideosToCut(source, videos, list.ignored(), List.of()), out, options, progress);
  }

  /**
   * Cuts videos of which more is known than a folder tells, such as those of a published data set.
   *
   * @param progress receives one line per video, and one for each remark on it
   * @throws IOException when no clip at all comes out, or the output cannot be written
   */
  public static Report cut(VideosToCut videos, Path out, Options options, Consumer<String> progress)
      throws IOException {
    ClipCutter cutter = new ClipCutter(new ClipStore(out, options.format), options, progress);
    cutter.dropped.addAll(videos.ignored());
    videos.notes().forEach(note -> progress.accept(Printable.line(note)));
    for (VideoToCut video : videos.videos()) {
      cutter.cutVideo(video);
    }
    if (cutter.store.kept().isEmpty()) {
      throw new VideoException(
          videos.root().toString(),
          (videos.videos().isEmpty() && videos.ignored().isEmpty()
                  ? "holds no video or picture"
                  : "no clip could be cut")
              + Dropped.list(Dropped.byName(cutter.dropped)));
    }
    cutter.store.writeList();
    return new Report(cutter.store.kept(), Dropped.byName(cutter.dropped), cutter.black);
  }

  private void cutVideo(VideoToCut video) throws IOException {
    int before = store.kept().size();
    String name = video.name();
    List<String> remarks = new ArrayList<>();
    try (FrameSource source = VideoReader.open(video.path(), options.read)) {
      VideoCutter cutter = new VideoCutter(name, options, new Keeper(video, rate(source)));
      FrameCursor frames = new FrameCursor(source);
      cutter.cut(frames);
      remarks.addAll(frames.remarks());
      dropped.addAll(cutter.dropped());
      black += cutter.black();
    } catch (OutputException e) {
      throw e.cause;
    } catch (IOException e) {
      dropped.add(new Dropped(name, "unreadable: " + Pictures.reason(e, video.path())));
    } catch (OutOfMemoryError e) {
      dropped.add(new Dropped(name, "unreadable: needs more memory than there is"));
    }
    String shown = Printable.line(name) + ": ";
    progress.accept(shown + VideoCutter.count(store.kept().size() - before, "clip"));
    remarks.forEach(remark -> progress.accept(shown + Printable.line(remark)));
  }

  /** The rate of clips, of which every stride-th frame is one. */
  private double rate(FrameSource source) {
    OptionalDouble known = source.rate();
    // A file may say anything; players and writers want less.
    boolean usable = known.isPresent() && known.getAsDouble() >= 1 && known.getAsDouble() <= 1000;
    return usable ? known.getAsDouble() / options.stride : MP4_RATE;
  }

  /** Tells a full disk apart from a bad video. */
  private static final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException cause;

    OutputException(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  /** Stores the clips of one video that are worth it. */
  private final class Keeper implements VideoCutter.Sink {
    private final VideoToCut video;
    private final double rate;
    private int number;

    Keeper(VideoToCut video, double rate) {
      this.video = video;
      this.rate = rate;
    }

    @Override
    public @Nullable String reasonAgainst(List<byte[]> frames, long first) {
      int n = number++;
      String why = ClipCutter.this.reasonAgainst(frames);
      if (why != null) {
        return why;
      }
      Clip clip = Clip.of(video.name(), options.size, options.size, frames).at(rate);
      try {
        store.add(
            clip,
            new ClipList.Origin(
                video.name(), first, video.about(first, options.stride, options.frames)),
            options.stride,
            n);
      } catch (IOException e) {
        throw new OutputException(e);
      }
      return null;
    }
  }

  private @Nullable String reasonAgainst(List<byte[]> clip) {
    double brightness = 0;
    double change = 0;
    byte[] first = clip.getFirst();
    for (byte[] f : clip) {
      for (int i = 0; i < f.length; i++) {
        brightness += f[i] & 0xff;
        change += Math.abs((f[i] & 0xff) - (first[i] & 0xff));
      }
    }
    brightness /= (double) clip.size() * first.length;
    change /= (clip.size() - 1.0) * first.length;
    if (brightness < options.minBrightness) {
      return "near black: mean value %.1f".formatted(brightness);
    }
    if (change < options.minChange) {
      return "stands still: mean change %.2f".formatted(change);
    }
    return hashes.add(hash(clip)) ? null : "the same as an earlier clip";
  }

  private static String hash(List<byte[]> clip) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      clip.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
