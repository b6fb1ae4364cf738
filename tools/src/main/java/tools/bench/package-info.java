/** What `bench` measures: rows of operations with their work by formula, and how one is run. */
package tools.bench;
