/**
 * Layers with parameters: linear, convolutions, normalisations, dropout. Each states its shapes.
 */
@NullMarked
package nn.layer;

import org.jspecify.annotations.NullMarked;
