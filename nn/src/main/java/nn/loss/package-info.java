/** Losses that are no plain op: the focal frequency loss. */
package nn.loss;
