/**
 * The networks whose outputs the published metrics compare: Inception (FID, IS), I3D (FVD),
 * VideoMAE (content-debiased FVD), CLIP (frame consistency) and C3D (IS of clips), under the names
 * of their published weights. docs/metrics.md says what goes in and what is exact.
 */
@NullMarked
package medsora.metric.network;

import org.jspecify.annotations.NullMarked;
