package medsora.phantom;

/**
 * What the tissue of a scene looks like, drawn from its seed: from salmon to brick, from pale to
 * saturated.
 *
 * @param base colour of the mucosa, linear light
 * @param flush colour where it is reddest, linear light
 * @param vesselStrength how much vessels redden it
 * @param wetness how strongly its film of mucus shines
 * @param exposure of the camera
 * @param seeds of the noises
 */
record Palette(
    double[] base,
    double[] flush,
    double vesselStrength,
    double wetness,
    double exposure,
    int[] seeds) {
  private static final int NOISES = 8;

  /** That of a scene. */
  static Palette of(PhantomScene scene) {
    double hue = scene.between(50, 0, 1);
    double pale = scene.between(51, 0, 1);
    int[] seeds = new int[NOISES];
    for (int i = 0; i < NOISES; i++) {
      seeds[i] = scene.noiseSeed(i);
    }
    return new Palette(
        new double[] {
          0.80 + 0.10 * pale, 0.23 + 0.11 * pale + 0.08 * hue, 0.145 + 0.13 * pale - 0.035 * hue
        },
        new double[] {0.60, 0.075 + 0.03 * hue, 0.055 + 0.02 * pale},
        scene.between(52, 0.65, 1.1),
        scene.between(53, 0.6, 1.2),
        scene.between(54, 1.75, 2.2),
        seeds);
  }
}
