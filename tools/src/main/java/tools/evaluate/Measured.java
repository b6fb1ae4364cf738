package tools.evaluate;

import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.Quote;

/**
 * A number that was measured.
 *
 * @param found what a distance is worth, or null for a score of one set
 * @param deviation of a score over its splits, or null
 */
public record Measured(Quote quote, double value, Assessment found, Double deviation) {}
