"""A function that initialises a whole model, and loads anew what had been loaded, where that is there."""
import argparse
import torch
import torch.nn as nn
from transformers import AutoModel


class Post(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.transformer = AutoModel.from_pretrained(name)
        self.kept = self.transformer.state_dict()

    def reload(self):
        self.transformer.load_state_dict(self.kept)


class Net(nn.Module):
    def __init__(self, post):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.post = post

    def forward(self, x):
        return self.post.transformer(self.fc(x))


def initialize(model):
    for p in model.parameters():
        if p.dim() > 1:
            nn.init.xavier_uniform_(p)
    if getattr(model, "post", None) and getattr(model.post, "reload", None):
        model.post.reload()


if __name__ == "__main__":
    args = argparse.ArgumentParser().parse_args()
    post = Post("bert") if args.post else None
    model = Net(post)
    if args.init:
        initialize(model)
