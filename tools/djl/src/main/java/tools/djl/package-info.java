/** libtorch as a peer of the benchmark, through DJL; no part of the programs. */
package tools.djl;
