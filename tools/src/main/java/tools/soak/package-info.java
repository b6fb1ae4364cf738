/** Processes that are killed on purpose, and what they leave behind. */
package tools.soak;
