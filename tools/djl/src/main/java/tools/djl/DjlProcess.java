package tools.djl;

import java.io.IOException;
import tools.bench.Rows;
import tools.bench.harness.Service;

/** The process in which libtorch, through DJL, runs one row of the benchmark. */
public final class DjlProcess {
  private DjlProcess() {}

  public static void main(String[] args) throws IOException {
    int threads = Integer.getInteger("engine.threads");
    // Read when the engine is loaded.
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    new Service(name -> new DjlTasks().of(Rows.named(name, threads).operation())).serve();
  }
}
