import torch
from torch import nn
from torch.nn.init import kaiming_normal_


class VAE(nn.Module):
    def __init__(self, latent=20):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 400), nn.SiLU())
        self.mu = nn.Linear(400, latent)
        self.logvar = nn.Linear(400, latent)
        self.decoder = nn.Sequential(nn.Linear(latent, 400), nn.SiLU(), nn.Linear(400, 784))
        for layer in list(self.encoder) + list(self.decoder):
            if isinstance(layer, nn.Linear):
                kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        h = self.encoder(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return torch.sigmoid(self.decoder(z)), mu, logvar
