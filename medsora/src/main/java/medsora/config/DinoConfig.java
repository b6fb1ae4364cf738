package medsora.config;

import medsora.dino.Distillation;
import medsora.dino.VitConfig;

/**
 * The root of the tree that the checkpoints of a feature network carry.
 *
 * @param pictures what it is trained on, in words
 */
public record DinoConfig(long seed, String pictures, VitConfig network, Distillation distillation) {
  /** What checkpoints meant before they said it. */
  static final String DEFAULTS =
      "distillation: {teacher: %s, mirrored: true}".formatted(Distillation.TEACHER);
}
