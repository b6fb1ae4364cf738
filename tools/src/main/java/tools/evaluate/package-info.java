/** What the program that evaluates clips measures, prints and writes down. */
package tools.evaluate;
