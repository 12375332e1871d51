import torch
import torch.nn as nn
from timm.layers import DropPath, trunc_normal_


class Mlp(nn.Module):
    def __init__(self, d, h, act_layer=nn.GELU, drop=0.0):
        super().__init__()
        self.fc1 = nn.Linear(d, h)
        self.act = act_layer()
        self.fc2 = nn.Linear(h, d)
        self.drop = nn.Dropout(drop)

    def forward(self, x):
        return self.drop(self.fc2(self.drop(self.act(self.fc1(x)))))


class Block(nn.Module):
    def __init__(self, d, init_values=1e-5, norm_layer=nn.LayerNorm):
        super().__init__()
        self.norm = norm_layer(d)
        self.mlp = Mlp(d, 4 * d)
        self.gamma = nn.Parameter(init_values * torch.ones(d)) if init_values else None
        self.drop_path = DropPath(0.1)

    def forward(self, x):
        y = self.mlp(self.norm(x))
        return x + self.drop_path(y if self.gamma is None else self.gamma * y)


class Vit(nn.Module):
    def __init__(self, d=96, depth=12, classes=10):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        self.pos_embed = nn.Parameter(torch.zeros(1, 197, d))
        self.blocks = nn.ModuleList([Block(d) for _ in range(depth)])
        self.head = nn.Linear(d, classes) if classes > 0 else nn.Identity()
        trunc_normal_(self.pos_embed, std=0.02)
        trunc_normal_(self.cls_token, std=0.02)
        self.apply(self._init_weights)
        self.head.weight.data.mul_(0.001)

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            trunc_normal_(m.weight, std=0.02)
            if isinstance(m, nn.Linear) and m.bias is not None:
                nn.init.constant_(m.bias, 0)
        elif isinstance(m, nn.LayerNorm):
            nn.init.constant_(m.bias, 0)
            nn.init.constant_(m.weight, 1.0)

    def reset_classifier(self, classes):
        self.head = nn.Linear(96, classes)

    def forward(self, x):
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.head(x[:, 0])
