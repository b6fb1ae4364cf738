/**
 * The downstream task: a classifier of clips learns from a few labelled ones and from generated
 * clips without labels, and the better the generated ones, the better it becomes, if all is well.
 */
@NullMarked
package medsora.baseline.downstream;

import org.jspecify.annotations.NullMarked;
