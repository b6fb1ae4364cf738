/** How alike and how lively pictures are. */
package medsora.metric;
