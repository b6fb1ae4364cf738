package medsora.data;

import engine.io.Printable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import medsora.media.Clip;
import medsora.media.ClipList;
import medsora.media.FrameSource;
import medsora.media.Mp4Writer;
import medsora.media.PartFile;
import medsora.media.Pictures;
import medsora.media.PngWriter;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoFolder.Dropped;
import medsora.media.VideoReader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts long videos into training clips, one frame in memory at a time plus the clip being filled:
 * every {@code stride}-th frame, resized and cropped to a square, {@code frames} to a clip, clip
 * after clip without overlap. Writes the clips and {@code clips.tsv} (clip, source, first frame,
 * stride, frames), and accounts for everything left out.
 */
public final class ClipCutter {
  /** Frames per second that an mp4 is shown at. */
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
   * @param limits bounds for every file
   */
  public record Options(
      int frames,
      int stride,
      int size,
      Format format,
      double minBrightness,
      double minChange,
      ReadLimits limits) {
    public Options {
      if (frames < 2 || stride < 1 || size < 1) {
        throw new IllegalArgumentException(
            "[prepare] frames %d, stride %d, size %d".formatted(frames, stride, size));
      }
    }

    /** The paper's clips: 17 frames, every third. */
    public static Options of(int size) {
      return new Options(17, 3, size, Format.STRIP, 8, 0, ReadLimits.DEFAULT);
    }
  }

  /**
   * A clip that was written.
   *
   * @param clip file or folder name below the output folder
   * @param source video it comes from
   * @param firstFrame number of its first frame there
   */
  public record Cut(String clip, String source, long firstFrame, int stride, int frames) {}

  /** What was written and what was left out. */
  public record Report(List<Cut> kept, List<Dropped> dropped) {
    public Report {
      kept = List.copyOf(kept);
      dropped = List.copyOf(dropped);
    }
  }

  private final Path out;
  private final Options options;
  private final Consumer<String> progress;
  private final List<Cut> kept = new ArrayList<>();
  private final List<Dropped> dropped = new ArrayList<>();
  private final Set<String> hashes = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  private ClipCutter(Path out, Options options, Consumer<String> progress) {
    this.out = out;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Cuts every video of a folder.
   *
   * @param progress receives one line per video
   * @throws IOException when no clip at all comes out, or the output cannot be written
   */
  public static Report cut(Path source, Path out, Options options, Consumer<String> progress)
      throws IOException {
    VideoFolder list = VideoFolder.list(source);
    if (Files.exists(out.resolve(ClipList.NAME))) {
      throw new VideoException(out.toString(), "already holds clips.tsv; give an empty folder");
    }
    Files.createDirectories(out);
    ClipCutter cutter = new ClipCutter(out, options, progress);
    cutter.dropped.addAll(list.ignored());
    for (Path video : list.videos()) {
      cutter.cutVideo(video, list.name(video));
    }
    if (cutter.kept.isEmpty()) {
      throw new VideoException(
          source.toString(), "no clip could be cut" + Dropped.list(cutter.dropped));
    }
    cutter.writeList();
    return new Report(cutter.kept, cutter.dropped);
  }

  private void cutVideo(Path video, String name) throws IOException {
    int before = kept.size();
    try (FrameSource source = VideoReader.open(video, options.limits)) {
      cutFrames(source, name);
    } catch (OutputException e) {
      throw e.cause;
    } catch (IOException e) {
      dropped.add(new Dropped(name, "unreadable: " + Pictures.reason(e, video)));
    } catch (OutOfMemoryError e) {
      dropped.add(new Dropped(name, "unreadable: needs more memory than there is"));
    }
    progress.accept(Printable.line(name) + ": " + count(kept.size() - before, "clip"));
  }

  private static String count(long n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
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

  private void cutFrames(FrameSource source, String name) throws IOException {
    VideoTransform transform = new VideoTransform(options.size, false);
    byte[] frame = new byte[source.frameBytes()];
    List<byte[]> clip = new ArrayList<>();
    long position = 0;
    long first = 0;
    int number = 0;
    for (; source.next(frame); position++) {
      if (position % options.stride != 0) {
        continue;
      }
      if (clip.isEmpty()) {
        first = position;
      }
      clip.add(transform.resize(frame, source.height(), source.width()));
      if (clip.size() == options.frames) {
        finish(clip, name, first, number++);
        clip.clear();
      }
    }
    if (number == 0) {
      long wanted = (options.frames - 1L) * options.stride + 1;
      dropped.add(
          new Dropped(name, "too short: " + count(position, "frame") + ", a clip spans " + wanted));
    } else if (!clip.isEmpty()) {
      dropped.add(new Dropped(name + " from frame " + first, "rest too short for a clip"));
    }
  }

  private void finish(List<byte[]> clip, String name, long first, int number) {
    String why = reasonAgainst(clip);
    if (why != null) {
      dropped.add(new Dropped(name + " from frame " + first, why));
      return;
    }
    try {
      String file = store(clip, name, number);
      kept.add(new Cut(file, name, first, options.stride, options.frames));
    } catch (IOException e) {
      throw new OutputException(e);
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

  private String store(List<byte[]> clip, String source, int number) throws IOException {
    String stem = stem(source) + "-%04d".formatted(number);
    while (!names.add(stem)) {
      stem += "x";
    }
    Clip cut = Clip.of(stem, options.size, options.size, clip);
    switch (options.format) {
      case STRIP -> {
        PngWriter.strip(out.resolve(stem + ".png"), cut);
        return stem + ".png";
      }
      case MP4 -> {
        Mp4Writer.write(out.resolve(stem + ".mp4"), cut.at(MP4_RATE));
        return stem + ".mp4";
      }
      case FOLDER -> {
        for (int i = 0; i < clip.size(); i++) {
          Path file = out.resolve(stem).resolve("%04d.png".formatted(i));
          PngWriter.write(file, clip.get(i), options.size, options.size);
        }
        return stem;
      }
    }
    throw new IllegalStateException("unknown format " + options.format);
  }

  /** A plain file name from a relative path. */
  private static String stem(String source) {
    int dot = source.lastIndexOf('.');
    String base = dot > source.lastIndexOf('/') + 1 ? source.substring(0, dot) : source;
    String plain = base.replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.length() > 100 ? plain.substring(plain.length() - 100) : plain;
  }

  private void writeList() throws IOException {
    PartFile.write(
        out.resolve(ClipList.NAME),
        part -> {
          try (BufferedWriter w = Files.newBufferedWriter(part)) {
            w.write("clip\tsource\tfirst_frame\tstride\tframes\n");
            for (Cut c : kept) {
              String source = c.source.replaceAll("[\\t\\r\\n]", " ");
              w.write(
                  "%s\t%s\t%d\t%d\t%d%n"
                      .formatted(c.clip, source, c.firstFrame, c.stride, c.frames)
                      .replace(System.lineSeparator(), "\n"));
            }
          }
        });
  }
}
