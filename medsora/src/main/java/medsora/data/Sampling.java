package medsora.data;

/** By which rule frames are picked out of videos ({@link ClipSampler}, {@link ImageSampler}). */
public enum Sampling {
  /** As the paper says. */
  PAPER,
  /** As the code that its authors released does. */
  REFERENCE
}
