/**
 * The rendered data set: an endoscopy whose optical flow is known exactly. Scene, shading and noise
 * are functions of the seed alone, so that a clip is the same wherever it is rendered.
 */
@NullMarked
package medsora.phantom;

import org.jspecify.annotations.NullMarked;
