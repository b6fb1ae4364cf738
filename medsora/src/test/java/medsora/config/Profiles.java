package medsora.config;

import medsora.align.AlignmentConfig;
import medsora.denoiser.DenoiserConfig;

/** Parts of the two profiles, {@code paper} and {@code reference}. */
public final class Profiles {
  private Profiles() {}

  /** The denoiser's switches. */
  public static DenoiserConfig.Switches switches(String profile) {
    return Config.profile(profile).part("denoiser.switches", DenoiserConfig.Switches.class);
  }

  /** The alignment, switched on. */
  public static AlignmentConfig alignment(String profile) {
    return Config.profile(profile).part("alignment", AlignmentConfig.class).enabled(true);
  }
}
