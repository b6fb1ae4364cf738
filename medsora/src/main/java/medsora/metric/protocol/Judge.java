package medsora.metric.protocol;

/**
 * One number of a protocol and the network that gives its features.
 *
 * @param metric the number
 * @param resize to the network's size
 * @param range of the pixels that it sees
 * @param epsilon of its norms
 * @param ddof both covariances are divided by n - ddof; 0 for scores of one set
 */
public record Judge(Metric metric, Resize resize, PixelRange range, double epsilon, int ddof) {
  /** What is measured, and by the features of which network. */
  public enum Metric {
    /** Frechet distance of clips; 400 logits of I3D (Kinetics-400). */
    FVD("FVD", "I3D", false),
    /** Frechet distance of clips; 1408 features of VideoMAE-v2 ViT-g. */
    CD_FVD("CD-FVD", "VideoMAE-v2", false),
    /** Frechet distance of frames; 2048 features of Inception (2015-12-05). */
    FID("FID", "Inception", true),
    /** Inception score of frames; 1008 logits of the same network, without their bias. */
    IS("IS", "Inception logits", true),
    /** Inception score of clips; 101 logits of C3D (UCF-101). */
    IS_C3D("IS-C3D", "C3D", false),
    /** Frame consistency: 100 x cosine of consecutive frames; CLIP ViT-B/32. */
    FC("FC", "CLIP ViT-B/32", true),
    /** Frechet distance of the frames of the clips, by a network that comes with the program. */
    FD_PHANTOM_FRAMES("FD-phantom-frames", "phantom-frames", false),
    /** Frechet distance of clips by their flow, by a network that comes with the program. */
    FD_PHANTOM_MOTION("FD-phantom-motion", "phantom-motion", false);

    private final String shown;
    private final String network;
    private final boolean ofFrames;

    Metric(String shown, String network, boolean ofFrames) {
      this.shown = shown;
      this.network = network;
      this.ofFrames = ofFrames;
    }

    /** Its name in print. */
    public String shown() {
      return shown;
    }

    /** The network's name. */
    public String network() {
      return network;
    }

    /** Whether single frames are judged rather than clips. */
    public boolean ofFrames() {
      return ofFrames;
    }

    /** Whether it is a distance of two sets rather than a score of one. */
    public boolean isDistance() {
      return switch (this) {
        case FVD, CD_FVD, FID, FD_PHANTOM_FRAMES, FD_PHANTOM_MOTION -> true;
        case IS, IS_C3D, FC -> false;
      };
    }
  }

  public Judge {
    if (ddof < 0 || ddof > 1 || !(epsilon >= 0)) {
      throw new IllegalArgumentException("[judge] ddof " + ddof + ", epsilon " + epsilon);
    }
  }

  /** What decides the features besides weights and frames, in words. */
  public String preprocessing() {
    return "%s, %s, eps %s".formatted(resize.words(), range.words(), epsilon);
  }
}
