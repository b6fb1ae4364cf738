/**
 * Files in and out: safetensors, and writing a file so that a kill leaves the old one or the new.
 */
package engine.io;
