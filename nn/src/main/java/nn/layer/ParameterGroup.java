package nn.layer;

import engine.tensor.Shape;
import nn.Module;
import nn.Parameter;
import nn.init.Initializer;

/** Parameters under a common name whose use is the business of the module that holds them. */
public final class ParameterGroup extends Module {
  public Parameter add(String name, Shape shape, Initializer initializer) {
    return parameter(name, shape, initializer);
  }
}
