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

  /** The same without dropout, which training alone would draw. */
  public static DenoiserConfig.Switches withoutDropout(String profile) {
    DenoiserConfig.Switches s = switches(profile);
    return new DenoiserConfig.Switches(
        s.heads(), s.attentionOutput(), s.rotary(), 0f, s.trueSpiral(), s.learnedVariance());
  }

  /** The alignment, switched on. */
  public static AlignmentConfig alignment(String profile) {
    return Config.profile(profile).part("alignment", AlignmentConfig.class).enabled(true);
  }
}
