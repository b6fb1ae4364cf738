"""Makes styleganv-tiny.pkl and mostganv-tiny.pkl: snapshots in the form that the trainings of StyleGAN-V and
MoStGAN-V write, of generators of a few channels. Python alone, no PyTorch: run it in this folder.

Entry p of G_ema's state dict holds s(SEED, p, i) of testdata/reference/README.md, filters and constants of the
waves too, those of layers that learn slowly (mapping.fc*, motion_encoder.conv.*) times 100; G and D hold others."""

import collections
import io
import pickle
import struct
import sys
import types

SEED = 131
MASK = (1 << 64) - 1
SOURCE = "raise RuntimeError('the source of classes in a pickle must never be run')\n"


def module(name):
    """A module of this name and of those above it, so that pickle writes its functions under it."""
    parts = name.split(".")
    for i in range(len(parts)):
        path = ".".join(parts[: i + 1])
        if path not in sys.modules:
            sys.modules[path] = types.ModuleType(path)
    return sys.modules[name]


def function(where, name):
    def called(*arguments):
        raise RuntimeError(name)

    called.__module__, called.__name__, called.__qualname__ = where, name, name
    setattr(module(where), name, called)
    return called


def kind(where, name, base=object):
    made = type(name, (base,), {"__module__": where, "__qualname__": name})
    setattr(module(where), name, made)
    return made


RECONSTRUCT = function("src.torch_utils.persistence", "_reconstruct_persistent_obj")
REBUILD = function("torch._utils", "_rebuild_tensor_v2")
PARAMETER = function("torch._utils", "_rebuild_parameter")
FROM_BYTES = function("torch.storage", "_load_from_bytes")
SCALAR = function("numpy.core.multiarray", "scalar")
DTYPE = kind("numpy", "dtype")
FLOATS = kind("torch", "FloatStorage")
SEQUENTIAL = kind("torch.nn.modules.container", "Sequential")
DIFFERENCES = kind("src.training.layers", "TemporalDifferenceEncoder")
EASY_DICT = kind("src.dnnlib.util", "EasyDict", dict)
DICT_CONFIG = kind("omegaconf.dictconfig", "DictConfig")
ADAM = kind("torch.optim.adam", "Adam")


def unit(seed, p, i):
    z = (seed * 0x9E3779B97F4A7C15 + p * 0xD1B54A32D192ED03 + (i + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    z ^= z >> 31
    return 2 * ((z >> 11) * 2.0**-53) - 1


class Call:
    """Pickles as a call of a function that need not be there."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def instance(cls, state):
    made = cls.__new__(cls)
    made.__dict__.update(state)
    return made


class Key:
    def __init__(self, count):
        self.count = count


class Stream(pickle.Pickler):
    def persistent_id(self, value):
        return ("storage", FLOATS, "1", "cpu", value.count, None) if isinstance(value, Key) else None


def legacy(values):
    """What torch.save wrote of one storage before 1.6."""
    out = io.BytesIO()
    for part in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True}):
        out.write(pickle.dumps(part, protocol=2))
    Stream(out, protocol=2).dump(Key(len(values)))
    out.write(pickle.dumps(["1"], protocol=2))
    out.write(struct.pack("<q", len(values)) + struct.pack("<%df" % len(values), *values))
    return out.getvalue()


def tensor(values, shape):
    stride, strides = 1, []
    for extent in reversed(shape):
        strides.insert(0, stride)
        stride *= extent
    return Call(
        REBUILD, Call(FROM_BYTES, legacy(values)), 0, tuple(shape), tuple(strides), False,
        collections.OrderedDict())


class Writer:
    """Builds modules and counts their entries in the order of the state dict."""

    def __init__(self, seed):
        self.seed, self.p = seed, 0

    def values(self, shape, amplitude):
        count = 1
        for extent in shape:
            count *= extent
        p, self.p = self.p, self.p + 1
        return tensor([amplitude * unit(self.seed, p, i) for i in range(count)], shape)

    def state(self, parameters, buffers, children, attributes, amplitude=1):
        """Children are functions, so that they are counted behind what the module has itself."""
        state = {"training": False}
        state["_parameters"] = collections.OrderedDict(
            (n, Call(PARAMETER, self.values(s, amplitude), True, collections.OrderedDict()))
            for n, s in parameters.items())
        state["_buffers"] = collections.OrderedDict((n, self.values(s, 1)) for n, s in buffers.items())
        state["_non_persistent_buffers_set"] = set()
        state["_backward_hooks"] = collections.OrderedDict()
        state["_modules"] = collections.OrderedDict((n, make()) for n, make in children.items())
        state.update(attributes)
        return state

    def persistent(self, name, parameters={}, buffers={}, children={}, amplitude=1, **attributes):
        state = self.state(parameters, buffers, children, attributes, amplitude)
        meta = {"type": "class", "version": 6, "module_src": SOURCE, "class_name": name, "state": state}
        return Call(RECONSTRUCT, meta)

    def plain(self, cls, children):
        return instance(cls, self.state({}, {}, children, {}))


def linear(w, i, o, bias=True, amplitude=1):
    shapes = {"weight": (o, i)}
    if bias:
        shapes["bias"] = (o,)
    return lambda: w.persistent(
        "FullyConnectedLayer", shapes, amplitude=amplitude, activation="linear", weight_gain=0.5)


FILTER = {"resample_filter": (4, 4)}
Z, W, MZ, U, TAPS, F = 6, 8, 5, 7, 3, 4
CHANNELS = {4: 8, 8: 6}
WORDS, WIDTH = 3, 5


def layer(w, i, o, words):
    children = {"affine": linear(w, W, i)}
    if words:
        hyper = lambda: w.persistent("Conv2dLayer", {"weight": (i + 6, WIDTH, 1, 1)}, FILTER)
        children["hypernet"] = lambda: w.persistent("Hypernet", children={"conv0": hyper})
    return lambda: w.persistent(
        "SynthesisLayer", {"weight": (o, i, 3, 3), "bias": (o,)}, FILTER, children, conv_clamp=256)


def rgb(w, i):
    return lambda: w.persistent(
        "ToRGBLayer", {"weight": (3, i, 1, 1), "bias": (3,)}, children={"affine": linear(w, W, i)})


def block(w, side, words):
    o = CHANNELS[side]
    children = {}
    if side == 4:
        const = lambda: w.persistent("ConstantInput", {"const": (1, o, 4, 4)})
        children["input"] = lambda: w.persistent("SynthesisInput", children={"input": const})
        children["conv1"] = layer(w, o + 2 * F, o, False)
    else:
        children["conv0"] = layer(w, CHANNELS[side // 2], o, words)
        children["conv1"] = layer(w, o, o, words)
    children["torgb"] = rgb(w, o)
    return lambda: w.persistent("SynthesisBlock", {}, FILTER, children, use_fp16=side >= 16)


def motion(w):
    times = lambda: w.persistent(
        "AlignedTimeEncoder", {}, {"freqs": (1, F), "phase_scales": (1, F)},
        {"periods_predictor": linear(w, U, F, False), "phase_predictor": linear(w, U, F, False),
         "aligners_predictor": linear(w, U, 2 * F, False)})
    conv = lambda i, o: lambda: w.persistent(
        "EqLRConv1d", {"weight": (o, i, TAPS), "bias": (o,)}, amplitude=100)
    convs = lambda: w.plain(SEQUENTIAL, {"0": conv(MZ, MZ), "1": conv(MZ, U)})
    config = instance(DICT_CONFIG, {"_content": {"motion_z_distance": 16}})
    return lambda: w.persistent(
        "MotionMappingNetwork", {}, {}, {"time_encoder": times, "conv": convs}, cfg=config)


def synthesis(w, words):
    children = {"motion_encoder": motion(w)}
    if words:
        maps = {"0": linear(w, W + 2 * F, WORDS * W), "1": linear(w, WORDS * W, WORDS * WIDTH)}
        children["multimotionmap"] = lambda: w.plain(SEQUENTIAL, maps)
    for side in CHANNELS:
        children["b%d" % side] = block(w, side, words and side == 8)
    return lambda: w.persistent("SynthesisNetwork", children=children)


def generator(seed, words):
    w = Writer(seed)
    mapping = lambda: w.persistent(
        "MappingNetwork", {}, {"w_avg": (W,)},
        {"fc0": linear(w, Z, W, amplitude=100), "fc1": linear(w, W, W, amplitude=100)})
    made = w.persistent("Generator", children={"synthesis": synthesis(w, words), "mapping": mapping}, z_dim=Z)
    return made


def discriminator():
    w = Writer(SEED + 1)
    return w.persistent(
        "Discriminator", children={"encoder": lambda: w.plain(DIFFERENCES, {"0": linear(w, 2, 3)})})


def snapshot(name, words):
    scalar = Call(SCALAR, Call(DTYPE, "f8", False, True), struct.pack("<d", 0.5))
    kwargs = EASY_DICT()
    kwargs["path"] = "data.zip"
    root = {
        "training_set_kwargs": kwargs,
        "G": generator(SEED + 2, words),
        "D": discriminator(),
        "G_ema": generator(SEED, words),
        "augment_pipe": Writer(SEED + 3).persistent("AugmentPipe", {}, {"p": ()}),
        "G_opt": instance(ADAM, {"defaults": {"lr": 0.0025}, "state": {}}),
        "vis": None,
        "stats": {"Loss/G": scalar, "cur_nimg": 5120000},
    }
    with open(name, "wb") as out:
        pickle.dump(root, out, protocol=4)


snapshot("styleganv-tiny.pkl", False)
snapshot("mostganv-tiny.pkl", True)
