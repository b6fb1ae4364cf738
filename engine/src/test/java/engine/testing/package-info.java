/** What the tests of every module share: the reference numbers and how weights are made. */
package engine.testing;
