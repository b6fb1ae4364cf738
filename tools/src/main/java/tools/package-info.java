/** The command-line programs: parse, call, report. */
package tools;
