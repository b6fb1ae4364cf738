/** Configurations: YAML in, checked records out. */
package tools.config;
