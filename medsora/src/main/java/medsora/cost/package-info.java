/**
 * What a configuration costs before it is run: the heap and the process that training or sampling
 * needs ({@link medsora.cost.PeakMemory}), and multiply-adds by module ({@link
 * medsora.cost.ShapeRun}). Nothing is estimated: the model's own code runs forward and backward on
 * shapes without memory, and kernels that compute nothing count what they are asked for.
 */
@NullMarked
package medsora.cost;

import org.jspecify.annotations.NullMarked;
