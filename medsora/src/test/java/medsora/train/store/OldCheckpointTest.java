package medsora.train.store;
class OldCheckpointTest {}
