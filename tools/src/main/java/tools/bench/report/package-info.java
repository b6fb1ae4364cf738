/** What `bench` says: the table, the JSON list, the chart. */
package tools.bench.report;
