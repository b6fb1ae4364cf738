/** The paper's model, its data and its training. */
package medsora;
