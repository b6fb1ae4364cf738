package medsora.flow.raft;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.layer.ParameterGroup;

/** The units of one step: along the rows, then along the columns; the small network has one. */
final class RecurrentUnits extends Module {
  private final List<GatedUnit> units = new ArrayList<>();

  RecurrentUnits(int hidden, int in, boolean small) {
    if (small) {
      units.add(new GatedUnit(this::group, "", hidden, in, 3, 3));
    } else {
      units.add(new GatedUnit(this::group, "1", hidden, in, 1, 5));
      units.add(new GatedUnit(this::group, "2", hidden, in, 5, 1));
    }
  }

  private ParameterGroup group(String name) {
    return child(name, new ParameterGroup());
  }

  /** The units that have been told the context, [N, C, h, w]. */
  List<GatedUnit.InContext> in(Tensor context) {
    return units.stream().map(unit -> unit.in(context)).toList();
  }
}
