/** What a demo run is described by: pictures, tables, a manifest. */
package tools.report;
