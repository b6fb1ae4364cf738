/**
 * Holds the modules against files of reference numbers: one {@link tools.conform.Family} per kind
 * of file. Sizes, seeds, index lists and step counts are read from the file, weights that it does
 * not store are made by {@link engine.reference.Formula} in the state-dict order of the module.
 */
package tools.conform;
