/**
 * The stations of the explorer: what each computes of a model and a clip, and the page they make.
 */
package tools.explore;
