"""What reads modules and parameters and writes to none before training starts: optimizers, what trains, measures,
draws, exports, logs or copies models. The same holds of all that its results offer (`Trainer().fit(model)`)."""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
    torch.optim. torch_optimizer. timm.optim. transformers.optimization. transformers.get_ torch_ema.
    torch.nn.utils.clip_grad torch.nn.utils.get_total_norm torch.nn.utils.parameters_to_vector
    torch.autograd.grad torch.autograd.backward torch.autograd.functional. torch.autograd.gradcheck
    torch.func. functorch. torch.amp. torch.cuda. torch.distributed. torch.profiler. torch.jit.save
    torch.save torch.onnx. pickle.dump onnx.
    pytorch_lightning. lightning. accelerate.Accelerator deepspeed. ignite. skorch. horovod.torch. ray.
    transformers.Trainer transformers.TrainingArguments transformers.Seq2SeqTrainer
    torch.utils.tensorboard. tensorboardX. wandb. mlflow. neptune. comet_ml. clearml. swanlab. aim. logging. loguru.
    torchinfo. torchsummary. torchsummaryX. thop. ptflops. fvcore.nn. torchviz. torchview. calflops. torchstat.
    torchmetrics. sklearn. matplotlib. seaborn. captum. shap. torchdiffeq. tqdm.
"""

ONLY_READS: Final = tuple(_NAMES.split())
"""Beginnings of dotted names."""


def only_reads(name: str) -> bool:
    """Whether the function of this dotted name writes to no module that it is given before training starts."""
    return name.startswith(ONLY_READS)
