/** Modules with named parameters, layers, losses and optimisers. */
module medsora.nn {
  requires transitive medsora.engine;
  requires static org.jspecify;

  exports nn;
  exports nn.init;
  exports nn.io;
  exports nn.layer;
  exports nn.loss;
  exports nn.optim;
}
