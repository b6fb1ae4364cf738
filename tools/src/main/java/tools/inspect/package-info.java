/** What a model is made of and what it costs, found by running it on shapes alone. */
package tools.inspect;
