/** How time and memory of a training step grow with the clip and the model. */
package tools.bench.growth;
