package tools.program;

import picocli.CommandLine.Option;

/** What to do where the memory seems too small. */
public final class MemoryOptions {
  @Option(
      names = "--force",
      description = "begin even where the heap is smaller than what the work is counted to need")
  public boolean force;
}
