package medsora.config;

import org.jspecify.annotations.Nullable;

/**
 * Trees of version 2, which had no {@code emaForm}: where such a file does not name it, moving
 * averages are those of its time. What continues a run, or repeats one, computes what that did.
 */
final class OldTree {
  static final int VERSION = 2;

  private static final String DEFAULTS =
      """
      vaeTraining: {emaForm: weighted}
      denoiserTraining: {emaForm: weighted}
      """;

  private OldTree() {}

  /** Whether that is the version of such a tree. */
  static boolean isOne(@Nullable Yaml version) {
    return version instanceof Yaml.Scalar s && s.text().equals(Integer.toString(VERSION));
  }

  /** The tree over what was meant where it is silent. */
  static Yaml.Mapping withItsDefaults(Yaml.Mapping own) {
    return Yaml.over(own, YamlReader.read("version " + VERSION, DEFAULTS));
  }
}
