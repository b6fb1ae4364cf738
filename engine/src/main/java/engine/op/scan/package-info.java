/** Mamba's causal convolution and selective scan (SSD), in chunks. */
package engine.op.scan;
