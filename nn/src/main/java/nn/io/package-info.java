/** Values of a module from and to named tensors, with every mismatch in one error. */
package nn.io;
