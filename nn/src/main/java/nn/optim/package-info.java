/**
 * AdamW, the moving average of weights, learning rates, and gradients joined and clipped in one
 * order.
 */
package nn.optim;
