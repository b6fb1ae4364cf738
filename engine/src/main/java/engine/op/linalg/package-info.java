/** Matrix products, in batches too, and the linear map of the last axis. */
package engine.op.linalg;
