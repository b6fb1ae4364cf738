/**
 * Layers with parameters: linear, convolutions, normalisations, dropout. Each states its shapes.
 */
package nn.layer;
