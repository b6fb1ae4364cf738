package tools;

import engine.kernel.Backends;
import engine.kernel.Engine;
import engine.kernel.Fidelity;
import engine.kernel.ProbeReport;
import engine.kernel.opencl.OpenClDevice;
import engine.kernel.opencl.OpenClDevices;
import engine.kernel.opencl.OpenClException;
import engine.kernel.opencl.OpenClKernels;
import java.util.List;
import picocli.CommandLine.Command;
import tools.program.Output;
import tools.program.Program;
import tools.program.Version;

/** Lists the OpenCL devices and whether they keep the numeric contract. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Lists the OpenCL devices with their limits, and probes whether each gives the same bits as"
          + " the processor.",
      "A device is chosen with --backend opencl and JAVA_OPTS=-Dengine.opencl.device=NUMBER|NAME;"
          + " without, the first GPU, else the device with the most memory."
    })
public final class Devices extends Program {
  public static void main(String[] args) {
    System.exit(execute(new Devices(), args));
  }

  @Override
  protected void run() {
    List<OpenClDevice> all = OpenClDevices.list();
    Output.result("%d OpenCL device%s", all.size(), all.size() == 1 ? "" : "s");
    all.forEach(this::show);
    if (!all.isEmpty()) {
      Output.result("");
      Output.result("--backend opencl takes %s", OpenClDevices.choose(null).line());
    }
    Output.result(
        "--backend auto takes %s: it prefers the processor's loops, a device is named on purpose",
        Backends.current().name());
  }

  private void show(OpenClDevice d) {
    Output.result("");
    Output.result("%s", d.line());
    Output.result("  %s, %d units, work-groups of up to %d", d.kind(), d.units(), d.workGroup());
    Output.result(
        "  memory %,d MiB, one buffer %,d MiB, local %,d KiB",
        d.memory() >> 20, d.largest() >> 20, d.localMemory() >> 10);
    Output.result(
        "  division and root correctly rounded: %s, double precision: %s",
        d.roundsDivision() ? "yes" : "no", d.hasDouble() ? "yes" : "no");
    try {
      ProbeReport report = probe(d);
      boolean exact = report.fidelity() == Fidelity.EXACT;
      Output.result("  probe: %s", exact ? "exact, the bits of the processor" : "approximate");
      report.failures().forEach(f -> Output.result("    %s", f));
    } catch (OpenClException e) {
      Output.result("  probe: fails, %s", e.getMessage());
    }
  }

  private ProbeReport probe(OpenClDevice d) {
    try (Engine engine = Engine.open(threads(), workers -> new OpenClKernels(d, workers))) {
      return Backends.report(engine.kernels());
    }
  }
}
