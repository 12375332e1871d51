import torch
import torch.nn as nn
import torch.nn.functional as F


class Embed(nn.Module):
    def __init__(self, tokens=1000, width=128):
        super().__init__()
        self.table = nn.Embedding(tokens, width)
        self.init_weights()

    def init_weights(self):
        self.table.weight.data.normal_(0, 1)

    def forward(self, tokens):
        return self.table(tokens).mean(1)


class Scorer(nn.Module):
    def __init__(self, width=128):
        super().__init__()
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, width)
        self.fc3 = nn.Linear(width, width)
        self.fc4 = nn.Linear(width, width)
        self.fc5 = nn.Linear(width, width)
        self.fc6 = nn.Linear(width, width)
        self.fc7 = nn.Linear(width, width)
        self.fc8 = nn.Linear(width, width)
        self.score = nn.Linear(width, 1)
        self.init_weights()

    def init_weights(self):
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        x = F.relu(self.fc2(F.relu(self.fc1(x))))
        x = F.relu(self.fc4(F.relu(self.fc3(x))))
        x = F.relu(self.fc6(F.relu(self.fc5(x))))
        x = F.relu(self.fc8(F.relu(self.fc7(x))))
        return self.score(x)


if __name__ == "__main__":
    print(Scorer()(Embed()(torch.randint(1000, (4, 12)))))
