/** Where the faults of a trained model's clips come from, in numbers. */
package tools.trace;
