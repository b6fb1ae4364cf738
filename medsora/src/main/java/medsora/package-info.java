/**
 * The door for programs: {@link medsora.MedSora} loads a run, samples {@link medsora.media.Clip}s
 * and trains further.
 */
@NullMarked
package medsora;

import org.jspecify.annotations.NullMarked;
