package medsora.data;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import medsora.media.Clip;
import medsora.media.ClipList;
import medsora.media.ClipSource;
import medsora.media.FrameSource;
import medsora.media.Pictures;
import medsora.media.ReadOptions;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoFolder.Dropped;
import medsora.media.VideoReader;
import medsora.phantom.Phantom;
import org.jspecify.annotations.Nullable;

/**
 * Training clips of one square size. Every video is decoded once when the set is opened: its frames
 * are resized to {@code size} bytes [size, size, 3], hashed, and kept in memory as far as the bound
 * allows; videos beyond it are decoded again when asked for. Both ways give the same numbers.
 *
 * <p>Safe for use by several threads once opened.
 */
public final class ClipDataset {
  private static final System.Logger LOG = System.getLogger("medsora.data");

  /**
   * How to build the set.
   *
   * @param size edge of the square frames
   * @param sampler picks frames; videos shorter than its clips are dropped
   * @param heldOut share of the videos kept from training, 0 to below 1; where it is above 0 and
   *     there are two videos or more, at least one is held out and at least one is not. Of clips
   *     that {@link ClipCutter} listed with what they were cut from, whole sources are held out
   * @param cacheBytes most memory for decoded frames
   * @param read how videos are read
   */
  public record Options(
      int size, ClipSampler sampler, double heldOut, long cacheBytes, ReadOptions read) {
    public Options {
      if (size < 1 || !(heldOut >= 0 && heldOut < 1) || cacheBytes < 0) {
        throw new IllegalArgumentException(
            "[data] size " + size + ", held out " + heldOut + ", cache " + cacheBytes);
      }
    }

    /** A tenth held out, 512 MiB of frames, read by default. */
    public static Options of(int size, ClipSampler sampler) {
      return new Options(size, sampler, 0.1, 512L << 20, ReadOptions.DEFAULT);
    }

    /** Bytes of one frame in memory. */
    long frameBytes() {
      return 3L * size * size;
    }
  }

  /**
   * One usable video.
   *
   * @param name path relative to the folder
   * @param frames how many it has in sections that are long enough for a clip ({@link
   *     FrameSource#section}); no clip runs from one section into the next
   * @param width original width, of the first of those sections
   * @param height original height
   * @param spacing average distance of the frames of a clip, of the longest section
   * @param sha256 of its resized frames
   * @param label what it shows, as the list of its folder says it; null where none does
   */
  public record Entry(
      String name,
      int frames,
      int width,
      int height,
      double spacing,
      String sha256,
      @Nullable String label) {}

  private final Options options;
  private final List<Dropped> dropped;
  private final List<String> notes;
  private final Split train;
  private final Split heldOut;
  private final String sha256;

  private ClipDataset(
      Options options, List<StoredVideo> usable, HeldOut.Choice choice, List<Dropped> dropped) {
    this.options = options;
    this.dropped = Dropped.byName(dropped);
    notes = List.copyOf(choice.notes());
    boolean[] out = choice.out();
    List<StoredVideo> in = new ArrayList<>();
    List<StoredVideo> rest = new ArrayList<>();
    MessageDigest digest = StoredVideo.sha();
    for (int i = 0; i < usable.size(); i++) {
      (out[i] ? rest : in).add(usable.get(i));
      digest.update((byte) (out[i] ? 1 : 0));
      digest.update(HexFormat.of().parseHex(usable.get(i).entry().sha256()));
    }
    train = new Split(in);
    heldOut = new Split(rest);
    sha256 = HexFormat.of().formatHex(digest.digest());
    report().forEach(line -> LOG.log(System.Logger.Level.INFO, line));
  }

  private static void requireAny(String source, List<StoredVideo> usable, List<Dropped> dropped)
      throws IOException {
    if (usable.isEmpty()) {
      throw new VideoException(source, "no usable video" + reasons(dropped));
    }
  }

  private static String reasons(List<Dropped> dropped) {
    if (dropped.isEmpty()) {
      return ": nothing there";
    }
    return ", " + dropped.size() + " dropped:" + Dropped.list(dropped);
  }

  /**
   * Opens all videos of a folder.
   *
   * @throws IOException when none is usable, with the reasons
   */
  public static ClipDataset open(Path folder, Options options) throws IOException {
    VideoFolder list = VideoFolder.list(folder, options.read);
    List<StoredVideo> usable = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>(list.ignored());
    List<String> notes = new ArrayList<>();
    long room = options.cacheBytes;
    for (Path path : list.videos()) {
      String name = list.name(path);
      try (FrameSource source = VideoReader.open(path, options.read)) {
        StoredVideo video = StoredVideo.scan(source, name, path, room, options);
        video.remarks().forEach(remark -> notes.add(Printable.line(name + ": " + remark)));
        if (video.sections().isEmpty()) {
          dropped.add(
              new Dropped(name + pictures(path), tooShort(video.entry().frames(), options)));
          continue;
        }
        usable.add(video);
        room -= video.frames() == null ? 0 : options.frameBytes() * video.entry().frames();
      } catch (IOException e) {
        dropped.add(new Dropped(name, Pictures.reason(e, path)));
      } catch (OutOfMemoryError e) {
        dropped.add(new Dropped(name, "needs more memory than there is"));
      }
    }
    requireAny(folder.toString(), usable, Dropped.byName(dropped));
    Map<Path, ClipList.Origin> listed = Origins.read(list, notes::add);
    List<Path> paths = usable.stream().map(StoredVideo::path).toList();
    HeldOut.Choice choice = HeldOut.choose(HeldOut.members(list, paths, listed), options.heldOut);
    notes.addAll(choice.notes());
    List<StoredVideo> labelled = usable.stream().map(video -> labelled(video, listed)).toList();
    return new ClipDataset(options, labelled, new HeldOut.Choice(choice.out(), notes), dropped);
  }

  private static StoredVideo labelled(StoredVideo video, Map<Path, ClipList.Origin> listed) {
    ClipList.Origin origin = listed.get(video.path());
    String label = origin == null ? null : origin.further().get(VideoToCut.LABEL);
    return label == null ? video : video.labelled(label);
  }

  /** The set of videos in memory, such as {@link Phantom} clips. They stay in memory whole. */
  public static ClipDataset of(List<Clip> videos, Options options) throws IOException {
    List<StoredVideo> usable = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (Clip v : videos) {
      if (v.length() < options.sampler.frames()) {
        dropped.add(new Dropped(v.source(), tooShort(v.length(), options)));
      } else {
        usable.add(StoredVideo.scan(new ClipSource(v), v.source(), null, Long.MAX_VALUE, options));
      }
    }
    requireAny("videos in memory", usable, dropped);
    boolean[] out = HeldOut.spread(usable.size(), options.heldOut);
    return new ClipDataset(options, usable, new HeldOut.Choice(out, List.of()), dropped);
  }

  /** The first pictures of a folder that is a video, for a folder's name alone says little. */
  private static String pictures(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return "";
    }
    try (Stream<Path> files = Files.list(path)) {
      List<String> names =
          files
              .filter(Pictures::isPictureName)
              .map(f -> f.getFileName().toString())
              .sorted()
              .limit(4)
              .toList();
      String first = String.join(", ", names.subList(0, Math.min(3, names.size())));
      return " (" + first + (names.size() > 3 ? ", ...)" : ")");
    }
  }

  private static String tooShort(int frames, Options options) {
    return "too short: %d frame%s, a clip wants %d"
        .formatted(frames, frames == 1 ? "" : "s", options.sampler.frames());
  }

  /** Videos for training. */
  public Split train() {
    return train;
  }

  /** Videos kept apart; empty where there is but one. */
  public Split heldOut() {
    return heldOut;
  }

  /** What is not used, and why, in order of names. */
  public List<Dropped> dropped() {
    return dropped;
  }

  /** Edge of the square frames. */
  public int size() {
    return options.size;
  }

  /**
   * SHA-256 over the decoded, resized frames of all usable videos in the order of their paths, and
   * over which of them are held out.
   */
  public String sha256() {
    return sha256;
  }

  /**
   * The set in words: counts, how whole sources were held out, each video's length and spacing,
   * each dropped file's reason.
   */
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "[data] %d videos kept (%d to train, %d held out), %d dropped; %d of them in memory"
            .formatted(
                train.videos() + heldOut.videos(),
                train.videos(),
                heldOut.videos(),
                dropped.size(),
                train.inMemory() + heldOut.inMemory()));
    notes.forEach(note -> lines.add("[data] " + note));
    Stream.concat(train.lines(""), heldOut.lines(", held out"))
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .forEach(lines::add);
    dropped.forEach(d -> lines.add("[data] dropped " + d.what() + ": " + d.reason()));
    return lines;
  }

  private static String line(StoredVideo video, String side) {
    Entry e = video.entry();
    int sections = video.sections().size();
    return "[data] %s: %d frames %dx%d, spacing %s%s%s"
        .formatted(
            Printable.line(e.name),
            e.frames,
            e.width,
            e.height,
            e.spacing,
            sections > 1 ? ", in " + sections + " parts" : "",
            side);
  }

  /** One side of the split. Videos are numbered from 0 here. */
  public final class Split {
    private final List<StoredVideo> stored;
    private final int[] firstFrame;

    private Split(List<StoredVideo> stored) {
      this.stored = List.copyOf(stored);
      firstFrame = new int[stored.size() + 1];
      for (int i = 0; i < stored.size(); i++) {
        firstFrame[i + 1] = Math.addExact(firstFrame[i], stored.get(i).entry().frames());
      }
    }

    /** Number of videos. */
    public int videos() {
      return stored.size();
    }

    private int inMemory() {
      return (int) stored.stream().filter(v -> v.frames() != null).count();
    }

    /** A line for each video, by its name. */
    private Stream<Map.Entry<String, String>> lines(String side) {
      return stored.stream().map(v -> Map.entry(v.entry().name(), line(v, side)));
    }

    /** What is known of a video. */
    public Entry entry(int video) {
      return stored.get(video).entry();
    }

    /** Number of frames of all videos together; single frames are numbered 0 .. frames()-1. */
    public int frames() {
      return firstFrame[stored.size()];
    }

    /** How many begin positions a video offers, in all of its sections together. */
    public int begins(int video) {
      return stored.get(video).begins(options.sampler);
    }

    /**
     * One clip of {@code Options.sampler().frames()} frames of one section, not mirrored.
     *
     * @param begin 0 .. begins(video)-1
     */
    public Clip clip(int video, int begin) throws IOException {
      StoredVideo v = stored.get(video);
      return clip(v.entry().name(), v.read(v.indices(options.sampler, begin), options));
    }

    /**
     * Single frames, never mirrored, one after the other.
     *
     * @param frames numbers in 0 .. frames()-1, see {@link ImageSampler}
     */
    public Clip images(int[] frames) throws IOException {
      List<byte[]> out = new ArrayList<>();
      for (int frame : frames) {
        if (frame < 0 || frame >= frames()) {
          throw new IllegalArgumentException(
              "[data] frame " + frame + " is not in 0.." + (frames() - 1));
        }
        int at = Arrays.binarySearch(firstFrame, frame);
        int video = at >= 0 ? at : -at - 2;
        out.addAll(stored.get(video).read(new int[] {frame - firstFrame[video]}, options));
      }
      return clip("images", out);
    }

    private Clip clip(String source, List<byte[]> frames) {
      return Clip.of(source, options.size, options.size, frames);
    }
  }
}
