/**
 * Doing again what manifests say was done: {@link medsora.audit.Replay} for training, {@link
 * medsora.audit.SampleModel} for clips, {@link medsora.audit.RunDifference} for two runs.
 */
@NullMarked
package medsora.audit;

import org.jspecify.annotations.NullMarked;
