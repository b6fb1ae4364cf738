/** The model of the paper: its networks, data, training and sampling. */
module medsora.model {
  requires transitive medsora.nn;
  requires java.desktop;
  requires java.xml;
  requires jcodec;
  requires ejml.core;
  requires ejml.ddense;
  requires org.snakeyaml.engine.v2;
  requires static org.jspecify;

  exports medsora;
  exports medsora.align;
  exports medsora.audit;
  exports medsora.baseline.endora;
  exports medsora.baseline.lvdm;
  exports medsora.baseline.sdvae;
  exports medsora.baseline.downstream;
  exports medsora.baseline.gan;
  exports medsora.baseline.mostganv;
  exports medsora.baseline.styleganv;
  exports medsora.baseline.timesformer;
  exports medsora.config;
  exports medsora.cost;
  exports medsora.data;
  exports medsora.data.layout;
  exports medsora.denoiser;
  exports medsora.diffusion;
  exports medsora.dino;
  exports medsora.flow;
  exports medsora.flow.raft;
  exports medsora.flow.variational;
  exports medsora.media;
  exports medsora.media.dicom;
  exports medsora.metric;
  exports medsora.metric.distance;
  exports medsora.metric.network;
  exports medsora.metric.phantom;
  exports medsora.metric.protocol;
  exports medsora.metric.resample;
  exports medsora.perceptual;
  exports medsora.phantom;
  exports medsora.train;
  exports medsora.train.manifest;
  exports medsora.train.store;
  exports medsora.vae;

  uses medsora.media.VideoProvider;

  provides medsora.media.VideoProvider with
      medsora.media.dicom.DicomFormat;
}
