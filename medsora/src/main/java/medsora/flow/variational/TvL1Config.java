package medsora.flow.variational;

/**
 * Parameters of {@link TvL1Estimator}, under the names of Sanchez, Meinhardt-Llopis and Facciolo,
 * "TV-L1 Optical Flow Estimation", IPOL 2013.
 *
 * @param tau time step of the dual variables; at most 1/4 converges
 * @param lambda weight of the data term: smaller is smoother
 * @param theta tightness between the flow and its smooth twin
 * @param scales of the pyramid at most; fewer where the coarsest would have a diagonal under 16
 * @param zoom from one scale to the next coarser, in (0, 1)
 * @param warps linearisations of the data term at each scale
 * @param iterations at most, for each linearisation
 * @param epsilon ends the iterations once the mean change of a vector is smaller, in pixels
 * @param texture share of the picture's smooth part that is taken away beforehand (Wedel et al.
 *     2009), in [0, 1]: makes moving light and shadow matter less
 */
public record TvL1Config(
    float tau,
    float lambda,
    float theta,
    int scales,
    float zoom,
    int warps,
    int iterations,
    float epsilon,
    float texture) {
  /** The article's values, but at most 50 iterations. */
  public static final TvL1Config PLAIN =
      new TvL1Config(0.25f, 0.15f, 0.3f, 5, 0.5f, 5, 50, 0.01f, 0f);

  /**
   * For light that moves with the camera: without the pictures' smooth part, whose absence wants
   * more weight on the data. Half the iterations lose nothing measurable.
   */
  public static final TvL1Config DEFAULT =
      new TvL1Config(0.25f, 0.5f, 0.3f, 5, 0.5f, 5, 25, 0.01f, 0.9f);

  public TvL1Config {
    require(tau > 0 && tau <= 0.25f, "tau in (0, 0.25]", tau);
    require(lambda > 0 && theta > 0, "lambda and theta above 0", Math.min(lambda, theta));
    require(scales >= 1 && warps >= 1 && iterations >= 1, "at least 1 of each loop", scales);
    require(zoom > 0 && zoom < 1, "zoom in (0, 1)", zoom);
    require(texture >= 0 && texture <= 1, "texture in [0, 1]", texture);
    require(epsilon >= 0, "epsilon of at least 0", epsilon);
  }

  private static void require(boolean holds, String what, float got) {
    if (!holds) {
      throw new IllegalArgumentException("[tv-l1] wants " + what + ", got " + got);
    }
  }
}
