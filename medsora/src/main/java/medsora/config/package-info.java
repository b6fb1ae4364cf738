/**
 * The one tree of configuration: {@link medsora.config.TrainConfig} is its root, built-in YAML
 * files are its defaults and examples, {@link medsora.config.Config} reads and writes it, and
 * {@link medsora.config.ConfigTree} is its form in checkpoints, exports and manifests.
 */
@NullMarked
package medsora.config;

import org.jspecify.annotations.NullMarked;
