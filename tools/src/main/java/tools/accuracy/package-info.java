/** How far the elementary functions of the engine are from the exact ones, found by trying. */
package tools.accuracy;
