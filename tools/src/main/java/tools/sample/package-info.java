/** Ways of drawing clips that have options of their own. */
package tools.sample;
