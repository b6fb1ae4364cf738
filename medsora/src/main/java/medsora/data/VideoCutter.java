package medsora.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import medsora.media.FrameCursor;
import medsora.media.VideoFolder.Dropped;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one video: one frame in memory at a time plus the clip being filled. What lies between two
 * seams (the ends, a new section, black frames) is a run; each run is cut on its own from its first
 * frame on.
 */
final class VideoCutter {
  /** Takes a clip that was cut. */
  interface Sink {
    /**
     * @param frames square, of the size that was asked for
     * @param first number of its first frame in the video
     * @return why it is not kept, or null when it is
     */
    @Nullable String reasonAgainst(List<byte[]> frames, long first) throws IOException;
  }

  /** Frames without a seam. */
  private static final class Run {
    private final long first;
    private long frames;
    private int clips;

    Run(long first) {
      this.first = first;
    }
  }

  private final String name;
  private final ClipCutter.Options options;
  private final Sink sink;
  private final VideoTransform transform;
  private final List<Dropped> dropped = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<byte[]> clip = new ArrayList<>();
  private long clipFirst;
  private @Nullable Run run;
  private int section;
  private long blackFirst;
  private long black;
  private long allBlack;

  VideoCutter(String name, ClipCutter.Options options, Sink sink) {
    this.name = name;
    this.options = options;
    this.sink = sink;
    this.transform = new VideoTransform(options.size(), false);
  }

  /** Cuts all of it. */
  void cut(FrameCursor frames) throws IOException {
    while (frames.next()) {
      if (frames.section() != section) {
        endRun();
        section = frames.section();
      }
      if (options.black() == ClipCutter.Black.DROP && BlackFrames.isBlack(frames.rgb())) {
        endRun();
        blackFirst = black == 0 ? frames.number() : blackFirst;
        black++;
        allBlack++;
      } else {
        endBlack();
        take(frames);
      }
    }
    endRun();
    endBlack();
    sayWhatIsTooShort(frames.count());
  }

  private void take(FrameCursor frames) throws IOException {
    if (run == null) {
      run = new Run(frames.number());
      runs.add(run);
    }
    if (run.frames++ % options.stride() != 0) {
      return;
    }
    if (clip.isEmpty()) {
      clipFirst = frames.number();
    }
    clip.add(transform.resize(frames.rgb(), frames.height(), frames.width()));
    if (clip.size() < options.frames()) {
      return;
    }
    run.clips++;
    String why = sink.reasonAgainst(List.copyOf(clip), clipFirst);
    if (why != null) {
      drop(clipFirst, why);
    }
    clip.clear();
  }

  private void endRun() {
    if (run != null && run.clips > 0 && !clip.isEmpty()) {
      drop(clipFirst, "rest too short for a clip");
    }
    clip.clear();
    run = null;
  }

  private void endBlack() {
    if (black > 0) {
      drop(blackFirst, "black: " + count(black, "frame"));
    }
    black = 0;
  }

  private void drop(long first, String why) {
    dropped.add(new Dropped(name + " from frame " + first, why));
  }

  /** Runs of which no clip could be made; of a video of which none could, once for all of them. */
  private void sayWhatIsTooShort(long frames) {
    if (runs.isEmpty() && allBlack > 0) {
      return;
    }
    String wanted = ", a clip spans " + ((options.frames() - 1L) * options.stride() + 1);
    if (runs.stream().allMatch(r -> r.clips == 0)) {
      long longest = runs.stream().mapToLong(r -> r.frames).max().orElse(0);
      String parts = runs.size() < 2 ? "" : ", the longest part " + longest;
      dropped.add(
          new Dropped(name, "too short: " + count(frames - allBlack, "frame") + parts + wanted));
      return;
    }
    runs.stream()
        .filter(r -> r.clips == 0)
        .forEach(r -> drop(r.first, "too short: " + count(r.frames, "frame") + wanted));
  }

  static String count(long n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
  }

  /** What was left out, in order of frames. */
  List<Dropped> dropped() {
    return dropped;
  }

  /** How many frames were left out as black. */
  long black() {
    return allBlack;
  }
}
