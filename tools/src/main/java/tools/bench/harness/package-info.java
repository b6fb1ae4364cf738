/** How rows are measured: forks, ceilings, warm-up, interleaved samples; knows no operation. */
package tools.bench.harness;
