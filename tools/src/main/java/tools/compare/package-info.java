/** Videos compared with each other, frame by frame. */
package tools.compare;
