/** What all programs share: options, exit codes, progress, stopping in good order. */
package tools.program;
