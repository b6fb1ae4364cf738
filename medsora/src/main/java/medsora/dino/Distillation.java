package medsora.dino;

import nn.optim.LearningRate;

/**
 * How a vision transformer learns without labels (Caron et al. 2021). Two large crops of a picture
 * and several small ones shall get the same distribution over prototypes: the student's of each
 * crop that of the teacher's of each other large one.
 *
 * @param hidden width of the head's perceptron; published 2048
 * @param bottleneck width of what is compared with the prototypes; published 256
 * @param prototypes of the distribution; published 65536
 * @param large side of the large crops in pixels, a multiple of the patch
 * @param small side of the small ones
 * @param smallCrops how many of them
 * @param batch pictures of a step
 * @param learningRate of Adam
 * @param momentum of the teacher, the moving average of the student; published 0.996 rising to 1
 * @param steps in all
 * @param teacher temperature of the teacher's distributions; published 0.04 rising to 0.07, where
 *     the lower one is for what would learn to say the same of every picture
 * @param mirrored whether half of the crops are; not for pictures whose colours are directions
 */
public record Distillation(
    int hidden,
    int bottleneck,
    int prototypes,
    int large,
    int small,
    int smallCrops,
    int batch,
    LearningRate learningRate,
    double momentum,
    long steps,
    double teacher,
    boolean mirrored) {
  /** Temperature of the student, as published. */
  static final float STUDENT = 0.1f;

  /** Temperature of the teacher, as published for ViT-S after its warm-up. */
  public static final double TEACHER = 0.07;

  /** Share of the old centre of the teacher's outputs at each step. */
  static final float CENTRE = 0.9f;

  /** Shares of the picture's area that crops have. */
  static final double LARGE_FROM = 0.4;

  static final double SMALL_FROM = 0.05;

  public Distillation {
    boolean positive =
        hidden > 0 && bottleneck > 0 && prototypes > 0 && large > 0 && small > 0 && smallCrops >= 0;
    if (!positive || batch < 1 || steps < 0 || !(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "[dino] wants positive extents, a batch of at least 1 and a momentum in [0, 1)");
    }
    if (!(teacher > 0 && teacher <= 1)) {
      throw new IllegalArgumentException("[dino] wants a temperature in (0, 1], got " + teacher);
    }
  }
}
