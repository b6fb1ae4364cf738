/**
 * Systems side by side: each trained on the same clips with the same number of multiply-adds, drawn
 * from with the same seeds and measured alike, into one table.
 */
package tools.systems;
