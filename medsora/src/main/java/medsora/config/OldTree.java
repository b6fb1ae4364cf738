package medsora.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trees of before version 3, which had no {@code emaForm}: where such a file does not name it,
 * moving averages are those of its time. What continues a run, or repeats one, computes what that
 * did.
 */
final class OldTree {
  static final int VERSION = 2;

  private static final String DEFAULTS =
      """
      vaeTraining: {emaForm: weighted}
      denoiserTraining: {emaForm: weighted}
      """;

  private OldTree() {}

  /**
   * Whether a tree is one. The first ones had no version: what run folders have of them names every
   * key of its time and no profile.
   */
  static boolean isOne(Yaml.Mapping own) {
    Yaml version = own.entries().get(ConfigTree.VERSION_KEY);
    return version == null
        ? !own.entries().containsKey("profile")
            && List.of("vaeTraining", "denoiserTraining").stream()
                .anyMatch(part -> isOld(own.entries().get(part)))
        : isVersion(version);
  }

  private static boolean isOld(@Nullable Yaml training) {
    return training instanceof Yaml.Mapping m
        && m.entries().containsKey("emaDecay")
        && !m.entries().containsKey("emaForm");
  }

  /** Whether that is the version of such a tree. */
  static boolean isVersion(Yaml version) {
    return version instanceof Yaml.Scalar s && s.text().equals(Integer.toString(VERSION));
  }

  /** The tree over what was meant where it is silent. */
  static Yaml.Mapping withItsDefaults(Yaml.Mapping own) {
    return Yaml.over(own, YamlReader.read("version " + VERSION, DEFAULTS));
  }
}
