/**
 * One class with a {@code main} method for each command of {@code ./run}: it reads options, asks
 * the library and prints.
 */
package tools;
