"""What is known of models that are built with packages whose source is not read."""

from __future__ import annotations

import pytest

from tests.trace.programs import after, drawn, layers

FROM_MMCV = """
import torch
import torch.nn as nn
from mmcv.cnn import ConvModule, build_activation_layer, build_conv_layer, build_norm_layer
from mmcv.cnn.bricks.transformer import FFN, build_dropout


class Net(nn.Module):
    def __init__(self, norm_cfg=dict(type="BN"), conv_cfg=None):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 1)
        self.stem = ConvModule(8, 16, 3, norm_cfg=norm_cfg, act_cfg=dict(type="LeakyReLU"), order=("act", "conv", "norm"))
        self.second = nn.Conv2d(16, 16, 1)
        self.norm_name, norm = build_norm_layer(norm_cfg, 16, postfix=1)
        self.add_module(self.norm_name, norm)
        self.act = build_activation_layer(dict(type="GELU"))
        self.third = nn.Conv2d(16, 16, 1)
        self.own = build_activation_layer(dict(type="Mine"))
        self.fourth = nn.Linear(16, 16)
        self.ffn = FFN(16, 64, dropout_layer=dict(type="DropPath", drop_prob=0.1))

    def forward(self, x):
        x = self.stem(self.first(x))
        x = self.act(getattr(self, self.norm_name)(self.second(x)))
        x = self.own(self.third(x))
        return self.ffn(self.fourth(x.flatten(2)))
"""


def test_layers_from_configurations() -> None:
    rows = layers(FROM_MMCV)
    assert after(rows["Net.first"]) == ("leaky_relu",)
    assert after(rows["Net.second"]) == ("gelu",)
    assert rows["Net.second"].norm == ("batch_norm",)
    assert after(rows["Net.third"]) is None, "nobody here knows what was registered as that"
    assert after(rows["Net.fourth"]) == ("none",)
    assert drawn(rows["Net.fourth"]) == ("default",)


def test_a_base_that_is_not_known_hides_inits_not_what_forward_says() -> None:
    rows = layers(
        """
import torch
from torch import nn
from elsewhere import Base

class Block(Base):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(dim, dim)
        nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return torch.relu(self.fc(x))

class Settings(Base):
    def __init__(self):
        self.fc = nn.Linear(8, 8)
"""
    )
    assert after(rows["Block.fc"]) == ("relu",)
    assert drawn(rows["Block.fc"]) is None, "the base may fill it later"
    assert after(rows["Settings.fc"]) is None


def test_outputs_of_transformers_carry_their_fields() -> None:
    rows = layers(
        """
import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput
from transformers.modeling_utils import apply_chunking_to_forward
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(8, 8)
        self.fc = nn.Linear(8, 8)

    def chunk(self, x):
        return torch.tanh(self.inner(x))

    def forward(self, x):
        x = apply_chunking_to_forward(self.chunk, 4, 1, x)
        return BaseModelOutput(last_hidden_state=self.fc(x))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.head = nn.Linear(8, 8)

    def forward(self, x):
        found = self.encoder(x)
        packed = pack_padded_sequence(torch.relu(found.last_hidden_state), [1])
        hidden, _ = pad_packed_sequence(packed)
        return torch.sigmoid(self.head(hidden + found[0]))
"""
    )
    assert after(rows["Encoder.inner"]) == ("tanh",)
    assert "relu" in {activation.name for activation in rows["Encoder.fc"].activations}
    assert after(rows["Net.head"]) == ("sigmoid",)


@pytest.mark.parametrize(
    ("call", "acts"),
    [
        ("", ("relu",)),
        ("'act', 'width'", ("relu",)),
        ("ignore=['deep']", ("relu",)),
        ("ignore='act'", ("relu", "tanh")),
    ],
)
def test_hyperparameters_of_a_lightning_module(call: str, acts: tuple[str, ...]) -> None:
    rows = layers(
        f"""
import torch
from torch import nn
import lightning as L

class Base(L.LightningModule):
    def __init__(self, act="gelu", rate=0.1):
        super().__init__()
        self.save_hyperparameters({call})

class Net(Base):
    def __init__(self, width=16, act="relu", deep=True, **kwargs):
        super().__init__(act)
        self.fc = nn.Linear(8, self.hparams.width)
        self.act = nn.ReLU() if self.hparams["act"] == "relu" else nn.Tanh()
        self.out = nn.Linear(self.hparams.get("width", 3), 2)

    def forward(self, x):
        return self.out(self.act(self.fc(x)))
"""
    )
    assert after(rows["Net.fc"]) == acts
    assert rows["Net.fc"].fan_out == 16
    assert rows["Net.out"].fan_in == 16


def test_the_module_of_what_has_none_is_not_known() -> None:
    rows = layers(
        """
        import torch.nn as nn
        from transformers import AutoModel

        del __name__

        def named():
            return None

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = AutoModel.from_pretrained("bert")
                self.named = [type(self.body).__module__, named.__module__, Net.__module__]
                self.fc = nn.Linear(8, len(self.named))

            def forward(self, x):
                return self.fc(x).relu()
        """
    )
    assert (rows["Net.fc"].fan_out, after(rows["Net.fc"])) == (3, ("relu",))
