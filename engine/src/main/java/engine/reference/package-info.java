/**
 * Numbers that every implementation can make for itself, so that reference files need not hold
 * them.
 */
package engine.reference;
