/** The page of an evaluation: its numbers, and the clips behind them. */
package tools.evaluate.page;
