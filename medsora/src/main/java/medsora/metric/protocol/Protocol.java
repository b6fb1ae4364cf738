package medsora.metric.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import medsora.metric.protocol.ClipRule.Begin;
import medsora.metric.protocol.ClipRule.Which;
import medsora.metric.protocol.Judge.Metric;

/**
 * All that a published way of measuring fixes besides weights and data. Numbers of two protocols
 * are never comparable, whatever they are called.
 */
public enum Protocol {
  /** The paper's metrics by the program that its rivals used, and what the paper leaves open. */
  PAPER(
      "paper",
      "StyleGAN-V's programs, as the paper's rivals ran them",
      new Sampling(first(2048, Begin.UNIFORM), first(2048, Begin.ZERO), Loading.AS_THEY_ARE),
      List.of(
          judge(Metric.FVD, Resize.HALF_PIXEL, PixelRange.SIGNED, 1e-3, 0),
          judge(Metric.CD_FVD, Resize.HALF_PIXEL, PixelRange.UNIT, 1e-6, 0),
          judge(Metric.FID, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 0),
          judge(Metric.IS, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 0),
          judge(Metric.FC, Resize.CLIP, PixelRange.CLIP, 1e-5, 0)),
      FileForm.JPEG_75,
      List.of(
          "the spacing of real frames: 1 here, the model's clips are every third frame (--spacing)",
          "how many real clips: the first 2048 videos by name, or all where there are fewer",
          "which inception score: that of frames by Inception (IS), not of clips by C3D (IS-C3D)",
          "which CLIP: ViT-B/32, consecutive frames",
          "the rows of IS: as many as there are, where the program counts on 50,000")),

  /** calc_metrics_for_dataset of StyleGAN-V. */
  STYLEGAN_V(
      "stylegan-v",
      "universome/stylegan-v: fvd2048_16f, fid50k_full, is50k, isv2048_ucf",
      new Sampling(first(2048, Begin.UNIFORM), first(2048, Begin.ZERO), Loading.AS_THEY_ARE),
      List.of(
          judge(Metric.FVD, Resize.HALF_PIXEL, PixelRange.SIGNED, 1e-3, 0),
          judge(Metric.FID, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 0),
          judge(Metric.IS, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 0),
          judge(Metric.IS_C3D, Resize.ALIGNED, PixelRange.LESS_MEAN, 0, 0)),
      FileForm.JPEG_75,
      List.of(
          "begins are drawn by a seed here; upstream does not seed them, and its numbers wobble")),

  /** The original FVD and FID of TensorFlow, with TF-GAN's distance. */
  TENSORFLOW(
      "tensorflow",
      "google-research frechet_video_distance and TF-GAN",
      new Sampling(first(2048, Begin.ZERO), first(2048, Begin.ZERO), Loading.AS_THEY_ARE),
      List.of(
          judge(Metric.FVD, Resize.LEGACY, PixelRange.SIGNED, 1e-3, 1),
          judge(Metric.FID, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 1)),
      FileForm.ANY,
      List.of("which clips: its users choose; here as StyleGAN-V, from frame 0")),

  /** pytorch-fid: frames alone. */
  PYTORCH_FID(
      "pytorch-fid",
      "mseitzer/pytorch-fid",
      new Sampling(first(2048, Begin.ZERO), first(2048, Begin.ZERO), Loading.AS_THEY_ARE),
      List.of(judge(Metric.FID, Resize.HALF_PIXEL, PixelRange.SIGNED, 1e-3, 1)),
      FileForm.ANY,
      List.of("it takes pictures: here all frames, as fid50k_full")),

  /** The distance that tells motion from looks. */
  CD_FVD(
      "cd-fvd",
      "songweige/content-debiased-fvd, videomae",
      new Sampling(random(2048), random(2048), Loading.CROP_128),
      List.of(judge(Metric.CD_FVD, Resize.HALF_PIXEL, PixelRange.UNIT, 1e-6, 0)),
      FileForm.ANY,
      List.of(
          "clips are drawn by our seed, not by torch's 42",
          "upstream goes round again where there are fewer videos than 2048; here there are fewer"
              + " clips")),

  /** Endora's copy of StyleGAN-V's program. */
  ENDORA(
      "endora",
      "CUHK-AIM-Group/Endora, its copy of StyleGAN-V's metrics",
      new Sampling(first(2048, Begin.UNIFORM), first(2048, Begin.ZERO), Loading.SQUARE_128),
      List.of(
          judge(Metric.FVD, Resize.HALF_PIXEL, PixelRange.SIGNED, 1e-3, 0),
          judge(Metric.FID, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 0),
          judge(Metric.IS, Resize.LEGACY, PixelRange.CENTRED, 1e-3, 0)),
      FileForm.JPEG_75,
      List.of("its authors say 1,024 generated videos; here as many as there are, up to 2048"));

  /**
   * Which clips, and what is done to them on reading.
   *
   * @param real the clips of the data
   * @param generated the clips that are judged
   * @param loading of both
   */
  public record Sampling(ClipRule real, ClipRule generated, Loading loading) {}

  /** What kind of files both sets should be, for compression shows in every number. */
  public enum FileForm {
    /** JPEG of quality 75, 4:2:0, a folder a video: what Pillow writes for q=95. */
    JPEG_75("files expected as JPEG 75, 4:2:0"),
    /** Any, but the same for both. */
    ANY("both sets in one form");

    private final String words;

    FileForm(String words) {
      this.words = words;
    }

    /** In words, as a result is quoted. */
    public String words() {
      return words;
    }
  }

  private static final int FRAMES = 16;

  private final String shown;
  private final String source;
  private final Sampling sampling;
  private final List<Judge> judges;
  private final FileForm files;
  private final List<String> open;

  Protocol(
      String shown,
      String source,
      Sampling sampling,
      List<Judge> judges,
      FileForm files,
      List<String> open) {
    this.shown = shown;
    this.source = source;
    this.sampling = sampling;
    this.judges = judges;
    this.files = files;
    this.open = open;
  }

  private static ClipRule first(int most, Begin begin) {
    return new ClipRule(FRAMES, 1, most, Which.FIRST, begin);
  }

  private static ClipRule random(int most) {
    return new ClipRule(FRAMES, 1, most, Which.RANDOM, Begin.UNIFORM);
  }

  private static Judge judge(
      Metric metric, Resize resize, PixelRange range, double epsilon, int ddof) {
    return new Judge(metric, resize, range, epsilon, ddof);
  }

  /**
   * The protocol of a name.
   *
   * @throws IllegalArgumentException listing all names
   */
  public static Protocol named(String name) {
    return Arrays.stream(values())
        .filter(p -> p.shown.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "[protocol] no protocol '%s'; there are %s".formatted(name, names())));
  }

  /** All names, with commas. */
  public static String names() {
    return Arrays.stream(values()).map(Protocol::shown).collect(Collectors.joining(", "));
  }

  /** Its name. */
  public String shown() {
    return shown;
  }

  /** Whose program it follows. */
  public String source() {
    return source;
  }

  /** Which clips. */
  public Sampling sampling() {
    return sampling;
  }

  /** Its numbers. */
  public List<Judge> judges() {
    return judges;
  }

  /** What kind of files. */
  public FileForm files() {
    return files;
  }

  /** What its source leaves open or does not seed, and what is done here: to be printed. */
  public List<String> open() {
    return open;
  }
}
