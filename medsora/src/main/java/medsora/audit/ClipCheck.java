package medsora.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import medsora.media.Clip;
import medsora.media.ClipTensors;
import medsora.media.GifWriter;
import medsora.media.Mp4Writer;
import medsora.media.VideoException;
import medsora.media.VideoReader;
import medsora.metric.FrameQuality;

/**
 * Whether a file holds a clip that was drawn again. Without loss, png and safetensors, its values
 * are compared; gif and mp4 lose some, so that the clip is written once more, and the bytes of both
 * files are compared, or where these differ the pictures in them.
 */
public final class ClipCheck {
  private static final int CHANNELS = 3;

  private ClipCheck() {}

  /**
   * Compares.
   *
   * @param redrawn at its rate, and with the label of the file
   */
  public static Verdict of(Path file, Clip redrawn) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      return values(file, ClipTensors.read(file), redrawn);
    }
    if (name.endsWith(".png")) {
      return frames(file, VideoReader.read(file), redrawn, "frames");
    }
    if (name.endsWith(".gif") || name.endsWith(".mp4")) {
      return written(file, redrawn);
    }
    return new Verdict.Unsaid(file + ": wants an mp4, gif, png or safetensors file");
  }

  private static Verdict values(Path file, Clip there, Clip here) {
    if (!isOfOneSize(there, here)) {
      return new Verdict.Differs(
          file + ": another size", List.of("there " + there, "here " + here));
    }
    float[] a = there.values();
    float[] b = here.values();
    int at = TensorDifferences.firstDifference(a, b);
    return at < 0
        ? new Verdict.Equal("%s, all %d values".formatted(file, a.length))
        : new Verdict.Differs(
            file + ": values",
            List.of("first: " + new TensorDifferences.Place("video", at, a[at], b[at])));
  }

  private static boolean isOfOneSize(Clip a, Clip b) {
    return a.length() == b.length() && a.height() == b.height() && a.width() == b.width();
  }

  /** Compares pictures. */
  private static Verdict frames(Path file, Clip there, Clip here, String what) {
    if (!isOfOneSize(there, here)) {
      return new Verdict.Differs(
          file + ": another size", List.of("there " + there, "here " + here));
    }
    List<byte[]> a = there.frames();
    List<byte[]> b = here.frames();
    for (int t = 0; t < a.size(); t++) {
      int at = Arrays.mismatch(a.get(t), b.get(t));
      if (at >= 0) {
        int pixel = at / CHANNELS;
        String place =
            "first: frame %d, row %d, column %d, %s: there %d, here %d"
                .formatted(
                    t,
                    pixel / there.width(),
                    pixel % there.width(),
                    List.of("red", "green", "blue").get(at % CHANNELS),
                    a.get(t)[at] & 0xff,
                    b.get(t)[at] & 0xff);
        return new Verdict.Differs(file + ": " + what, List.of(place));
      }
    }
    return new Verdict.Equal("%s, all %d %s".formatted(file, a.size(), what));
  }

  private static Verdict written(Path file, Clip redrawn) throws IOException {
    Path folder = Files.createTempDirectory("medsora-whence");
    boolean gif = file.toString().toLowerCase(Locale.ROOT).endsWith(".gif");
    Path again = folder.resolve(gif ? "again.gif" : "again.mp4");
    try {
      if (gif) {
        GifWriter.write(again, redrawn);
      } else {
        Mp4Writer.write(again, redrawn);
      }
      return compared(file, again, redrawn);
    } finally {
      Files.deleteIfExists(again);
      Files.delete(folder);
    }
  }

  private static Verdict compared(Path file, Path again, Clip redrawn) throws IOException {
    boolean same = Files.mismatch(file, again) < 0;
    Clip there;
    Clip here;
    try {
      there = VideoReader.read(file);
      here = same ? there : VideoReader.read(again);
    } catch (VideoException e) {
      // No ffmpeg here, or a file that nobody can read: the bytes alone decide.
      String bytes = "the bytes of %s and of the clip written again".formatted(file);
      return same
          ? new Verdict.Equal(bytes)
          : new Verdict.Differs(
              bytes, List.of("its pictures cannot be compared: " + e.getMessage()));
    }
    String near = isOfOneSize(there, redrawn) ? near(there, redrawn) : "of another size";
    if (same) {
      return new Verdict.Equal(
          "%s, all bytes of the clip written again (%s)".formatted(file, near));
    }
    return switch (frames(file, there, here, "pictures of the clip written again")) {
      case Verdict.Equal e -> new Verdict.Equal(e.what() + ", in other bytes; " + near);
      case Verdict.Differs d -> {
        List<String> details = new ArrayList<>(d.details());
        details.add(near);
        yield new Verdict.Differs(d.what(), details);
      }
      case Verdict.Unsaid u -> u;
    };
  }

  private static String near(Clip there, Clip here) {
    double sum = 0;
    for (int t = 0; t < there.length(); t++) {
      sum +=
          FrameQuality.squaredError(there.frames().get(t), here.frames().get(t)) / there.length();
    }
    double psnr = FrameQuality.psnr(sum);
    return String.format(Locale.ROOT, "PSNR %.2f dB against the clip before loss", psnr);
  }
}
