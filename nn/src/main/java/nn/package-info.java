/** Layers, losses, optimisers and parameter trees on top of the engine. */
package nn;
